"""Runs deployed functions from their uploaded packages, through the Lambda Runtime API."""
