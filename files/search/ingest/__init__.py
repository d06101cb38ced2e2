"""From a folder of documents to the search index that the backend asks.

Runs on the controller (`playbooks/ingest.yml`, `python -m ingest`) with this folder and `files/lambda` on the
path: what makes text harmless, and how to log in to the server, is the backend's own code.
"""
