"""The registry's requests as ECR's API actions, judged with the permissions of the token's holder.

ECR guide, 'Required IAM permissions for pushing an image' and 'Private registry authentication'.
"""

from __future__ import annotations

from typing import Any

from local_cloud.control.permissions import stand_ins
from local_cloud.control.permissions.enforce import access_of
from local_cloud.control.permissions.principals import Principal
from local_cloud.control.settings import ACCOUNT, REGION
from local_cloud.control.state import State

# Handler of registry/http.py -> ECR's actions. HEAD of a blob is BatchCheckLayerAvailability.
ACTIONS = {
    "tags": ("ecr:ListImages",),
    "get_blob": ("ecr:GetDownloadUrlForLayer",),
    "start_upload": ("ecr:InitiateLayerUpload",),
    "patch_upload": ("ecr:UploadLayerPart",),
    "end_upload": ("ecr:UploadLayerPart", "ecr:CompleteLayerUpload"),
    "get_manifest": ("ecr:BatchGetImage",),
    "put_manifest": ("ecr:PutImage",),
}
CHECKED = ("ecr:BatchCheckLayerAvailability",)


def refusal(state: State, holder: Principal, environ: dict[str, Any], handler: str, repository: str | None) -> str:
    """AWS's message where the holder may not; empty where he may, or where no permission is asked for."""
    head = handler == "get_blob" and environ["REQUEST_METHOD"] == "HEAD"
    actions = CHECKED if head else ACTIONS.get(handler, ())
    if not repository or not actions:
        return ""
    access = access_of(environ)
    resource = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{repository}"
    with state.lock:
        answer = stand_ins.judge_for(
            state,
            holder,
            {
                "service": "ecr",
                "operation": actions[-1].partition(":")[2],
                "needs": [{"action": action, "resource": resource} for action in actions],
                "endpoint_id": access.endpoint_id,
                "vpc_id": access.vpc_id,
            },
        )
    return str(answer.get("message", ""))
