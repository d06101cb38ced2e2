"""KMS keys: an ARN names a key as its id does."""

from __future__ import annotations

from local_cloud.control.calls import Call, Proceed, Result, repairs


@repairs("kms", "ScheduleKeyDeletion")
def schedule_key_deletion(call: Call, proceed: Proceed) -> Result:
    """moto takes the key's id only."""
    return proceed({**call.params, "KeyId": call.params["KeyId"].split("/")[-1]})
