# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether what an inventory names is there and fits, judged from AWS's answers. Pure functions, plain sentences."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

Item = dict[str, Any]


def certificate_faults(arn: str, domain: str, found: Item | None) -> Iterator[str]:
    """acm DescribeCertificate's Certificate; None where there is none."""
    if found is None:
        yield f"There is no certificate {arn} in this region."
        return
    if found["Status"] != "ISSUED":
        yield f"The certificate {arn} is {found['Status']}; only an ISSUED one can be used."
    names = [found["DomainName"], *found.get("SubjectAlternativeNames", [])]
    if domain and not any(covers(name, domain) for name in names):
        yield f"The certificate {arn} is for {', '.join(dict.fromkeys(names))}, not for {domain}."


def covers(name: str, domain: str) -> bool:
    """Whether a certificate's name is that of the domain; * stands for exactly one label (RFC 6125, 6.4.3)."""
    name, domain = name.lower().rstrip("."), domain.lower().rstrip(".")
    return name == domain or (name.startswith("*.") and name[1:] == domain[domain.find(".") :])


def profile_faults(model: str, region_names: Sequence[str], found: Item | None, known: Sequence[str]) -> Iterator[str]:
    """bedrock GetInferenceProfile's answer, and the ids of ListInferenceProfiles for a hint."""
    if found is None:
        yield f"Bedrock has no inference profile {model} in this region.{_hint(model, known)}"
        return
    # arn:aws:bedrock:REGION::foundation-model/...; a global profile names no region.
    routed = sorted({each["modelArn"].split(":")[3] for each in found["models"]} - {""})
    missing = [region for region in routed if region not in region_names]
    if missing:
        yield f"The profile {model} routes to {', '.join(missing)} too, which the regions named for it leave out."


def model_faults(model: str, found: Item | None, known: Sequence[str]) -> Iterator[str]:
    """bedrock GetFoundationModel's modelDetails, and the ids of ListFoundationModels for a hint."""
    if found is None:
        yield f"Bedrock has no model {model} in this region.{_hint(model, known)}"
    elif "ON_DEMAND" not in found.get("inferenceTypesSupported", ["ON_DEMAND"]):
        profiles = [each for each in known if each.endswith(f".{model}")]
        hint = f" Name one of {', '.join(profiles)}." if profiles else ""
        yield f"The model {model} is used through an inference profile only.{hint}"


def further_model_faults(model: str, output: str, found: Item | None, access: Item | None) -> Iterator[str]:
    """bedrock GetFoundationModel's modelDetails and GetFoundationModelAvailability's answer."""
    given = (found or {}).get("outputModalities", [])
    if given and output not in given:
        yield f"The model {model} gives {', '.join(given)}, where {output} is needed."
    if (access or {}).get("authorizationStatus") == "NOT_AUTHORIZED":
        yield f"This account has no access to the model {model}; ask for it in Amazon Bedrock > Model access."
    if (access or {}).get("regionAvailability") == "NOT_AVAILABLE":
        yield f"The model {model} is not offered in this region."


def knowledge_base_faults(wanted: str, found: Item | None) -> Iterator[str]:
    """bedrock-agent GetKnowledgeBase's knowledgeBase."""
    if found is None:
        yield f"There is no knowledge base {wanted} in this region."
    elif found["status"] != "ACTIVE":
        yield f"The knowledge base {wanted} is {found['status']}; only an ACTIVE one can be asked."


def _hint(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, 1, 0.7)
    return f" Did you mean {near[0]}?" if near else ""
