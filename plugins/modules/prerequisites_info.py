#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: prerequisites_info
version_added: 1.0.0
short_description: Find out whether what a deployment names is there and fits
author: private_rag.aws contributors (@private-rag)
description:
  - Asks AWS for the certificate, the models, the knowledge base, the secret, the permissions boundary and the image
    that a deployment names, and says what is missing or does not fit, before anything is changed.
  - An option that is left out or empty is not asked for. What the credentials may not read is told as a warning, since
    it may be there all the same.
options:
  certificate_arn:
    description: ARN of a certificate in AWS Certificate Manager (DescribeCertificate).
    type: str
  domain_name:
    description: Name that O(certificate_arn) has to be for.
    type: str
  model_id:
    description: Id of a Bedrock model (GetFoundationModel) or inference profile (GetInferenceProfile).
    type: str
  profile_regions:
    description: Regions that the caller takes the inference profile to route to.
    type: list
    elements: str
    default: []
  rewrite_model_id:
    description: Id of a further model or inference profile that answers in text.
    type: str
  embedding_model_id:
    description: Id of a model, or inference profile, that gives vectors.
    type: str
  rerank_model_id:
    description: Id of a reranking model.
    type: str
  knowledge_base_id:
    description: Id of a Bedrock knowledge base (GetKnowledgeBase).
    type: str
  secret_id:
    description: Name or ARN of a secret (DescribeSecret). Its value is not read.
    type: str
  more_secret_ids:
    description: Names or ARNs of further secrets; what ECS takes behind an ARN (C(:json-key::)) is left out. Empty
      ones are not asked for.
    type: list
    elements: str
    default: []
  permissions_boundary:
    description: ARN of an IAM policy (GetPolicy).
    type: str
  repository:
    description: Name of the ECR repository of O(image_tag).
    type: str
  image_tag:
    description: Tag of an image that must be there (DescribeImages).
    type: str
attributes:
  check_mode:
    description: Reads only.
    support: full
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: N/A
  idempotent:
    description: Changes nothing.
    support: full
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Look for the model and the certificate
  private_rag.aws.prerequisites_info:
    model_id: jp.anthropic.claude-opus-5-5
    profile_regions: [ap-northeast-1, ap-northeast-3]
    certificate_arn: arn:aws:acm:ap-northeast-1:123456789012:certificate/11111111-2222-3333-4444-555555555555
    domain_name: chat.example.co.jp
  register: prerequisites
"""

RETURN = r"""
prerequisites:
  description: What was found out.
  returned: always
  type: dict
  contains:
    faults:
      description: What is missing or does not fit, each as one sentence.
      type: list
      elements: str
      returned: always
      sample: [There is no secret chatbot/search in this region.]
    warnings:
      description: What could not be found out.
      type: list
      elements: str
      returned: always
      sample: []
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils import _prerequisites as judge
from ansible_collections.private_rag.aws.plugins.module_utils._aws import answer, make_module, pages

ARGUMENT_SPEC: dict[str, Any] = {
    "certificate_arn": {"type": "str"},
    "domain_name": {"type": "str"},
    "model_id": {"type": "str"},
    "profile_regions": {"type": "list", "elements": "str", "default": []},
    "rewrite_model_id": {"type": "str"},
    "embedding_model_id": {"type": "str"},
    "rerank_model_id": {"type": "str"},
    "knowledge_base_id": {"type": "str"},
    "secret_id": {"type": "str", "no_log": False},
    "more_secret_ids": {"type": "list", "elements": "str", "default": [], "no_log": False},
    "permissions_boundary": {"type": "str"},
    "repository": {"type": "str"},
    "image_tag": {"type": "str"},
}
# Prefixes of cross-region inference profiles; a model's id begins with its provider.
# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
_PROFILE = re.compile(r"(jp|apac|global|us|eu|au|ca|us-gov)\.")
_ABSENT = ["ResourceNotFoundException", "NoSuchEntity", "ImageNotFoundException", "RepositoryNotFoundException"]
_DENIED = ["AccessDeniedException", "AccessDenied", "UnrecognizedClientException"]
Question = Callable[[Any], Iterable[str]]


def found(ask: Callable[[], Any]) -> Any:
    """What AWS answers, or None where it says that there is no such thing."""
    try:
        return ask()
    except is_boto3_error_code(_ABSENT):
        return None


def certificate(module: Any) -> Iterable[str]:
    arn = module.params["certificate_arn"]
    answered = found(lambda: module.client("acm").describe_certificate(CertificateArn=arn))
    return judge.certificate_faults(arn, module.params["domain_name"] or "", answered and answered["Certificate"])


def model(module: Any, option: str = "model_id") -> Iterable[str]:
    bedrock, wanted = module.client("bedrock"), module.params[option]
    if _PROFILE.match(wanted):
        profile = found(lambda: bedrock.get_inference_profile(inferenceProfileIdentifier=wanted))
        return judge.profile_faults(wanted, module.params["profile_regions"], profile, profile_ids(bedrock, profile))
    answered = found(lambda: bedrock.get_foundation_model(modelIdentifier=wanted))
    details = answered and answered["modelDetails"]
    known = [each["modelId"] for each in bedrock.list_foundation_models()["modelSummaries"]] if not details else []
    return judge.model_faults(wanted, details, known or profile_ids(bedrock, None))


def further(option: str, output: str) -> Question:
    """A model beside the answering one: there, with access, and of the right kind (GetFoundationModelAvailability)."""

    def ask(module: Any) -> Iterable[str]:
        faults = list(model(module, option))
        if faults:
            return faults
        bedrock, named = module.client("bedrock"), _PROFILE.sub("", module.params[option])
        details = found(lambda: bedrock.get_foundation_model(modelIdentifier=named))
        access = found(lambda: bedrock.get_foundation_model_availability(modelId=named))
        return judge.further_model_faults(module.params[option], output, details and details["modelDetails"], access)

    return ask


def knowledge_base(module: Any) -> Iterable[str]:
    wanted = module.params["knowledge_base_id"]
    answered = found(lambda: module.client("bedrock-agent").get_knowledge_base(knowledgeBaseId=wanted))
    return judge.knowledge_base_faults(wanted, answered and answered["knowledgeBase"])


def profile_ids(bedrock: Any, profile: Any) -> list[str]:
    """For a hint only, so not asked for where nothing is wrong."""
    if profile:
        return []
    summaries = pages(bedrock, "list_inference_profiles", "inferenceProfileSummaries")
    return [each["inferenceProfileId"] for each in summaries]


def secret(module: Any) -> Iterable[str]:
    return secret_faults(module, module.params["secret_id"])


def more_secrets(module: Any) -> Iterable[str]:
    # arn:aws:secretsmanager:region:account:secret:name and, for ECS, :json-key:version-stage:version-id
    wanted = [":".join(each.split(":")[:7]) for each in module.params["more_secret_ids"] if each]
    return [fault for each in dict.fromkeys(wanted) for fault in secret_faults(module, each)]


def secret_faults(module: Any, wanted: str) -> list[str]:
    answered = found(lambda: module.client("secretsmanager").describe_secret(SecretId=wanted))
    if answered is None:
        return [f"There is no secret {wanted} in this region."]
    return [f"The secret {wanted} is marked for deletion."] if answered.get("DeletedDate") else []


def boundary(module: Any) -> Iterable[str]:
    arn = module.params["permissions_boundary"]
    answered = found(lambda: module.client("iam").get_policy(PolicyArn=arn))
    return [] if answered else [f"There is no policy {arn}, which was named as permissions boundary."]


def image(module: Any) -> Iterable[str]:
    tag, repository = module.params["image_tag"], module.params["repository"]
    wanted = [{"imageTag": tag}]
    answered = found(lambda: module.client("ecr").describe_images(repositoryName=repository, imageIds=wanted))
    return (
        []
        if answered
        else [f"There is no image with the tag {tag} in {repository}; push it first, or let it be built."]
    )


QUESTIONS: dict[str, Question] = {
    "certificate_arn": certificate,
    "model_id": model,
    "rewrite_model_id": further("rewrite_model_id", "TEXT"),
    "embedding_model_id": further("embedding_model_id", "EMBEDDING"),
    "rerank_model_id": further("rerank_model_id", "TEXT"),
    "knowledge_base_id": knowledge_base,
    "secret_id": secret,
    "more_secret_ids": more_secrets,
    "permissions_boundary": boundary,
    "image_tag": image,
}


def look(module: Any) -> dict[str, Any]:
    """The module's result."""
    faults: list[str] = []
    warnings: list[str] = []
    for option, question in QUESTIONS.items():
        if not module.params[option]:
            continue
        try:
            faults += question(module)
        except is_boto3_error_code(_DENIED) as error:
            warnings.append(f"{module.params[option]} could not be looked at: {error}")
    return {"changed": False, "prerequisites": {"faults": faults, "warnings": warnings}}


def main() -> None:
    module = make_module(ARGUMENT_SPEC, state=False)
    answer(module, lambda: look(module), "look for what the deployment needs")


if __name__ == "__main__":
    main()
