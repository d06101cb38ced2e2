"""The OCI registry of the local cloud's ECR, on the control plane's port under ``/v2/``."""
