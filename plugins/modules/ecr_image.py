#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ecr_image
version_added: 1.0.0
short_description: Build a container image from a source directory and push it to ECR
description:
  - Hashes the source directory, its Dockerfile and the build's settings. Where the repository has an image of that hash
    nothing is done; otherwise the image is built and pushed.
  - Builds with docker, podman or buildah, or without any engine (V(layers)), for execution environments and machines
    that have none.
  - V(layers) puts two layers on the base image. The packages of C(requirements.lock) are installed as wheels for the
    target platform into the folder that the Dockerfile's final stage copies C(--from) another stage; the final
    stage's other C(COPY) lines say where the source's files go. Its C(ENV), C(WORKDIR), C(USER), C(EXPOSE), C(CMD),
    C(ENTRYPOINT) and C(LABEL) become the image's. A C(RUN) in the final stage is refused.
  - The same source gives the same layers, whoever builds them.
  - Stands on the ECR API DescribeImages, GetAuthorizationToken, and the OCI distribution API of ECR.
author:
  - private_rag.aws contributors (@private-rag)
requirements:
  - requests and dockerfile-parse, for the builder V(layers)
options:
  repository:
    description: Name of the repository. It must exist, see M(private_rag.aws.ecr_repository).
    type: str
    required: true
  source:
    description: Directory with the Dockerfile. Its C(.dockerignore) is honoured.
    type: path
    required: true
  builder:
    description: What builds. V(auto) is the first of docker, podman and buildah that answers, otherwise V(layers).
    type: str
    choices: [auto, docker, podman, buildah, layers]
    default: auto
  base_image:
    description:
      - The image to build on, handed to the Dockerfile as the build argument C(BASE_IMAGE).
      - Where its registry answers, the digest behind its tag is part of the hash, so that a new base is a new image.
        Name a digest to be independent of that.
    type: str
  index_url:
    description: Package index for pip. It may hold a password; it appears in no command line, log, layer or result.
    type: str
  python_version:
    description: Python of the base image, for the builder V(layers).
    type: str
    default: "3.12"
  platform:
    description: Platform of the image.
    type: str
    default: linux/amd64
  build_args:
    description: Further build arguments. They are part of the hash, and visible in the image's history.
    type: dict
    default: {}
  labels:
    description: Labels of the image.
    type: dict
    default: {}
  tag:
    description:
      - Tag of the image. Left out, it is the first 16 digits of the source's hash.
      - An image under this tag that was made from another source is built again; ECR refuses that where tags are
        immutable.
    type: str
  cache_dir:
    description: Directory that keeps the layer of the packages between runs. Left out, it is kept for one run only.
    type: path
attributes:
  check_mode:
    description: Predicts by the hash whether an image would be built, and builds nothing.
    support: full
  diff_mode:
    description: Returns the tag and the hash of the source, before and after.
    support: full
  idempotent:
    description: A second run with the same source builds nothing.
    support: full
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Image of the chat page, built without a container engine
  private_rag.aws.ecr_image:
    repository: chatbot-frontend-prod
    source: files/frontend
    builder: layers
    base_image: 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/mirror/python:3.12-slim
  register: image
"""

RETURN = r"""
image:
  description: The image. In check mode the digest of an image that would be built is a placeholder.
  returned: always
  type: dict
  sample:
    repository: chatbot-frontend-prod
    tag: 3f1c2a9d8b7e6f50
    digest: sha256:0d4d5d8e7a1c7a1b7a3d3a4e9a0f0c0b0a09080706050403020100ffeeddccbb
    uri: 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/chatbot-frontend-prod@sha256:0d4d5d8e7a1c7a1b7a3d3a4e9a0f
    source_hash: 3f1c2a9d8b7e6f5049382716a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2
    builder: layers
  contains:
    builder:
      description: What built the image in this run; empty where nothing was built.
      type: str
      returned: always
      sample: layers
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: create
changes:
  description: Every field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {tag: {before: null, after: 3f1c2a9d8b7e6f50}}
"""

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._aws import answer, make_module
from ansible_collections.private_rag.aws.plugins.module_utils._ecr_image import Image
from ansible_collections.private_rag.aws.plugins.module_utils._image_source import SourceError
from ansible_collections.private_rag.aws.plugins.module_utils._oci_registry import RegistryError
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import ReconcileError, reconcile

ARGUMENT_SPEC: dict[str, Any] = {
    "repository": {"type": "str", "required": True},
    "source": {"type": "path", "required": True},
    "builder": {"type": "str", "choices": ["auto", "docker", "podman", "buildah", "layers"], "default": "auto"},
    "base_image": {"type": "str"},
    "index_url": {"type": "str", "no_log": True},
    "python_version": {"type": "str", "default": "3.12"},
    "platform": {"type": "str", "default": "linux/amd64"},
    "build_args": {"type": "dict", "default": {}},
    "labels": {"type": "dict", "default": {}},
    "tag": {"type": "str"},
    "cache_dir": {"type": "path"},
}


def build(module: Any) -> dict[str, Any]:
    """The module's result. Raises ReconcileError."""
    image = Image(module)
    try:
        return image.predicted(reconcile(image))
    except OSError as error:
        # A file that cannot be read or written, a full disk.
        told = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)
        raise ReconcileError(f"{image.label} was not built: {told}") from error
    except (SourceError, RegistryError, ValueError) as error:
        raise ReconcileError(f"{image.label} was not built: {error}") from error


def main() -> None:
    module = make_module(ARGUMENT_SPEC, state=False)
    answer(module, lambda: build(module), "build the image")


if __name__ == "__main__":
    main()
