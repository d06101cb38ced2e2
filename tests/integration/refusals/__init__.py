"""How much of what AWS refuses the local cloud refuses too: faulty calls, sane calls, and the rate per layer."""
