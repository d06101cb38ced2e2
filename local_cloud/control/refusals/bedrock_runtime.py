"""What Bedrock refuses of a question before a model sees it."""

from __future__ import annotations

from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

SERVICE = "bedrock-runtime"
CONVERSED = ("Converse", "ConverseStream")
INVALID = "ValidationException"


@refuses(
    "bedrock-model-id",
    SERVICE,
    [*CONVERSED, "InvokeModel", "InvokeModelWithResponseStream"],
    code=INVALID,
    message="The provided model identifier is invalid.",
    source="Bedrock guide, 'Troubleshooting API error codes'; as quoted in public error reports",
)
def model_id(call: Call) -> Verdict:
    # A model or profile is 'provider.model', an ARN otherwise.
    sent = call.params["modelId"]
    return "." not in sent and not sent.startswith("arn:")


@refuses(
    "bedrock-blank-text",
    SERVICE,
    CONVERSED,
    code=INVALID,
    message="The text field in the ContentBlock object at messages.{message}.content.{block} is blank. Add text to "
    "the text field, and try again.",
    source="as quoted in public error reports",
)
def blank_text(call: Call) -> Verdict:
    for number, message in enumerate(call.get("messages") or []):
        for block, content in enumerate(message.get("content") or []):
            if "text" in content and not content["text"].strip():
                return {"message": number, "block": block}
    return None
