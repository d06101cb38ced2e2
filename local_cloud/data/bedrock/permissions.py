"""What a caller of Converse needs: the right to the model, or to a profile and to every model behind it.

Bedrock guide, 'Prerequisites for inference profiles': InvokeModel on the profile, and on the model in each region that
it routes to, there with the condition key bedrock:InferenceProfileArn. Converse is allowed by bedrock:InvokeModel and
ConverseStream by bedrock:InvokeModelWithResponseStream (API reference of both).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from local_cloud.data.account import Account
from local_cloud.data.actor import judge
from local_cloud.data.egress.targets import Connection

ACTIONS = {
    "converse": "InvokeModel",
    "converse-stream": "InvokeModelWithResponseStream",
    "invoke": "InvokeModel",
    # Bedrock guide, 'Permissions to use guardrails': whoever names one in Converse needs it.
    "guardrail": "ApplyGuardrail",
}
OPERATIONS = {"converse": "Converse", "converse-stream": "ConverseStream", "invoke": "InvokeModel"}
OPERATIONS |= {"guardrail": "ApplyGuardrail"}


async def authorize(account: Account, access_key: str, operation: str, model: str, connection: Connection) -> None:
    """Raises actor.DeniedError with AWS's words."""
    action = f"bedrock:{ACTIONS[operation]}"
    if operation == "guardrail":
        needs = [{"resource": _guardrail_arn(account, model)}]
    else:
        needs = await account.kept(f"model {model}", partial(_resources, account, model), "bedrock")
    await judge(
        account,
        "bedrock-runtime",
        OPERATIONS[operation],
        [{"action": action, **need} for need in needs],
        access_key=access_key,
        endpoint_id=connection.endpoint_id,
        vpc_id=connection.vpc_id,
    )


async def authorize_agent(
    account: Account, access_key: str, operation: str, resource: str, connection: Connection
) -> None:
    """Rerank needs itself, which takes no resource, and the model; Retrieve the knowledge base.

    Bedrock guide, 'Permissions for reranking'; Service Authorization Reference, Amazon Bedrock.
    """
    if operation == "Rerank":
        needs = [
            {"action": "bedrock:Rerank", "resource": "*"},
            {"action": "bedrock:InvokeModel", "resource": resource},
        ]
    else:
        place = f"{account.settings.region}:{account.settings.account_id}"
        needs = [{"action": "bedrock:Retrieve", "resource": f"arn:aws:bedrock:{place}:knowledge-base/{resource}"}]
    await judge(
        account,
        "bedrock-agent-runtime",
        operation,
        needs,
        access_key=access_key,
        endpoint_id=connection.endpoint_id,
        vpc_id=connection.vpc_id,
    )


async def knowledge_base_exists(account: Account, knowledge_base_id: str) -> bool:
    """Whether the control plane knows it (GetKnowledgeBase of bedrock-agent)."""
    try:
        await account.call("bedrock-agent", "get_knowledge_base", knowledgeBaseId=knowledge_base_id)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return False
        raise
    return True


def _guardrail_arn(account: Account, named: str) -> str:
    return (
        named
        if named.startswith("arn:")
        else f"arn:aws:bedrock:{account.settings.region}:{account.settings.account_id}:guardrail/{named}"
    )


async def _resources(account: Account, model: str) -> list[dict[str, Any]]:
    """Resource and condition keys of each permission."""
    profiles = await account.call("bedrock", "list_inference_profiles")
    for profile in profiles["inferenceProfileSummaries"]:
        if model in (profile["inferenceProfileId"], profile["inferenceProfileArn"]):
            arn = profile["inferenceProfileArn"]
            behind = [
                {"resource": each["modelArn"], "context": {"bedrock:InferenceProfileArn": arn}}
                for each in profile["models"]
            ]
            return [{"resource": arn}, *behind]
    return [{"resource": f"arn:aws:bedrock:{account.settings.region}::foundation-model/{model.rpartition('/')[2]}"}]
