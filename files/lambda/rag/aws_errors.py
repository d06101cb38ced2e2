"""What went wrong in an AWS call, in one word that is fit for a log."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

AwsError = (BotoCoreError, ClientError)


def code_of(error: BotoCoreError | ClientError) -> str:
    """AWS's own error code, or the class of an error that never reached AWS. Never the message."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "ClientError"))
    return type(error).__name__
