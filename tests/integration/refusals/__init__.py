"""How much of what AWS refuses the local cloud refuses too: faulty calls, sane calls, and the rate per layer.

`first_author/`, `stranger/`, `second_author/`, `third_author/`
    the sets of calls, a folder per author: modules named `sane_*` hold what AWS takes, the others what it refuses
`rule_cases/`
    one call for each rule that none of these sets meets
`sets.py`, `cases.py`, `sources.py`
    the sets by what they are for; what a case is; the pages that the cases name
`world.py`, `layers.py`, `plain_moto.py`, `rate.py`
    the account they are sent to, what is switched off meanwhile, and how they are sent
"""
