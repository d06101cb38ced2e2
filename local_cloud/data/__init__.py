"""The data plane of the local cloud: runs what was deployed, over the network that was deployed.

It learns what is deployed only from the control plane (AWS APIs through boto3, and the `/_local/` routes)
and shares no memory with it. See `plane.py` for how its parts fit together.
"""
