"""Bedrock's control plane, enough for a preflight: models, and the profiles that route to them.

Invoking is the data plane's. The list is what Tokyo offered when this was written (ListInferenceProfiles,
November 2026); a model that is not in it is AWS's ResourceNotFoundException.
"""

from __future__ import annotations

from typing import Any

from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs

Record = dict[str, Any]
JAPAN = ("ap-northeast-1", "ap-northeast-3")
APAC = (*JAPAN, "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2")
# Model id -> name, and the prefixes of its profiles with the regions they route to ("" is any region).
CLAUDE: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "anthropic.claude-opus-5-5": ("Claude Opus 5.5", {"jp": JAPAN, "global": ("",)}),
    "anthropic.claude-sonnet-4-5-20250929-v1:0": ("Claude Sonnet 4.5", {"jp": JAPAN, "global": ("",)}),
    "anthropic.claude-haiku-4-5-20251001-v1:0": ("Claude Haiku 4.5", {"jp": JAPAN, "global": ("",)}),
    "anthropic.claude-sonnet-4-20250514-v1:0": ("Claude Sonnet 4", {"apac": APAC, "global": ("",)}),
}
EMBEDDING = {
    "amazon.titan-embed-text-v2:0": ("Titan Text Embeddings V2", "Amazon"),
    "cohere.embed-multilingual-v3": ("Embed Multilingual", "Cohere"),
    "cohere.embed-english-v3": ("Embed English", "Cohere"),
}
RERANKING = {"amazon.rerank-v1:0": ("Rerank 1.0", "Amazon"), "cohere.rerank-v3-5:0": ("Rerank 3.5", "Cohere")}
# Offered, but this account never asked for access.
WITHOUT_ACCESS = ("cohere.embed-english-v3",)
# The one knowledge base of this account.
KNOWLEDGE_BASE = "LOCALKB001"


def model_arn(region: str, model: str) -> str:
    """The ARN of a foundation model; an empty region is that of global profiles."""
    return f"arn:aws:bedrock:{region}::foundation-model/{model}"


def _profiles(call: Call) -> list[Record]:
    made = []
    for model, (name, prefixes) in CLAUDE.items():
        for prefix, regions in prefixes.items():
            made.append(_profile(call, f"{prefix}.{model}", f"{prefix.upper()} Anthropic {name}", model, regions))
    return made


def _profile(call: Call, profile_id: str, name: str, model: str, regions: tuple[str, ...]) -> Record:
    routed = [model_arn(region, model) for region in regions]
    if "" in regions:
        routed.append(model_arn(call.region, model))
    return {
        "inferenceProfileId": profile_id,
        "inferenceProfileArn": f"arn:aws:bedrock:{call.region}:{call.account}:inference-profile/{profile_id}",
        "inferenceProfileName": name,
        "description": f"Routes requests to {name}.",
        "models": [{"modelArn": arn} for arn in sorted(routed)],
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    }


@repairs("bedrock", "ListInferenceProfiles")
def list_inference_profiles(call: Call, proceed: Proceed) -> Result:
    """Not in moto."""
    wanted = call.get("typeEquals") or "SYSTEM_DEFINED"
    return {"inferenceProfileSummaries": [each for each in _profiles(call) if each["type"] == wanted]}


@repairs("bedrock", "GetInferenceProfile")
def get_inference_profile(call: Call, proceed: Proceed) -> Result:
    """Not in moto; by id or ARN."""
    wanted = call.params["inferenceProfileIdentifier"].split("/")[-1]
    for profile in _profiles(call):
        if profile["inferenceProfileId"] == wanted:
            return profile
    raise AwsError("ResourceNotFoundException", "The requested inference profile was not found.")


def _models(call: Call) -> list[Record]:
    claude = [_model(call, model, name, "Anthropic", "TEXT") for model, (name, _prefixes) in CLAUDE.items()]
    embedding = [_model(call, model, *named, "EMBEDDING") for model, named in EMBEDDING.items()]
    return claude + embedding + [_model(call, model, *named, "TEXT") for model, named in RERANKING.items()]


def _model(call: Call, model: str, name: str, provider: str, output: str) -> Record:
    chats = provider == "Anthropic"
    inputs = ["TEXT", "IMAGE"] if chats else ["TEXT"]
    return {
        "modelArn": model_arn(call.region, model),
        "modelId": model,
        "modelName": name,
        "providerName": provider,
        "inputModalities": inputs,
        "outputModalities": [output],
        "responseStreamingSupported": chats,
        "customizationsSupported": [],
        "inferenceTypesSupported": ["INFERENCE_PROFILE"] if chats else ["ON_DEMAND"],
        "modelLifecycle": {"status": "ACTIVE"},
    }


@repairs("bedrock", "ListFoundationModels")
def list_foundation_models(call: Call, proceed: Proceed) -> Result:
    """Not in moto."""
    wanted = (call.get("byProvider") or "").lower()
    found = [each for each in _models(call) if wanted in ("", each["providerName"].lower())]
    return {"modelSummaries": found}


@repairs("bedrock", "GetFoundationModel")
def get_foundation_model(call: Call, proceed: Proceed) -> Result:
    """Not in moto; by id or ARN."""
    wanted = call.params["modelIdentifier"].split("/")[-1]
    for model in _models(call):
        if model["modelId"] == wanted:
            return {"modelDetails": model}
    raise AwsError("ResourceNotFoundException", "Could not resolve the foundation model from the model identifier")


@repairs("bedrock", "GetFoundationModelAvailability")
def get_foundation_model_availability(call: Call, proceed: Proceed) -> Result:
    """Not in moto: a model of the list is available, and authorised but for WITHOUT_ACCESS."""
    get_foundation_model(_as_model(call), proceed)
    status = "NOT_AUTHORIZED" if call.params["modelId"] in WITHOUT_ACCESS else "AUTHORIZED"
    return {
        "modelId": call.params["modelId"],
        "agreementAvailability": {"status": "AVAILABLE"},
        "authorizationStatus": status,
        "entitlementAvailability": "AVAILABLE",
        "regionAvailability": "AVAILABLE",
    }


def _as_model(call: Call) -> Call:
    params = {"modelIdentifier": call.params["modelId"]}
    return Call(call.service, "GetFoundationModel", params, call.region, call.account, call.state)


@repairs("bedrock-agent", "GetKnowledgeBase")
def get_knowledge_base(call: Call, proceed: Proceed) -> Result:
    """One knowledge base, which nobody makes: its documents are the data plane's (LOCAL_KNOWLEDGE_BASE)."""
    wanted = call.params["knowledgeBaseId"]
    if wanted != KNOWLEDGE_BASE:
        raise AwsError(
            "ResourceNotFoundException", f"Failed to retrieve resource {wanted} because it does not exist.", 404
        )
    place = f"arn:aws:bedrock:{call.region}:{call.account}"
    made = "2026-11-01T00:00:00Z"
    return {
        "knowledgeBase": {
            "knowledgeBaseId": wanted,
            "name": "local",
            "knowledgeBaseArn": f"{place}:knowledge-base/{wanted}",
            "roleArn": f"arn:aws:iam::{call.account}:role/service-role/local-knowledge-base",
            "knowledgeBaseConfiguration": {"type": "VECTOR"},
            "status": "ACTIVE",
            "createdAt": made,
            "updatedAt": made,
        }
    }
