"""Control plane of the local cloud: moto, with what it drops put back and what AWS refuses refused.

Start it with ``python -m local_cloud.control --port 4566 --host 127.0.0.1``. See ``front.py`` for the
way one request takes.
"""
