# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Build and push with docker, podman or buildah, by their commands.

The password goes in by standard input, credentials and secrets lie in a folder of their own that is removed afterwards.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.private_rag.aws.plugins.module_utils._ecr import Login
from ansible_collections.private_rag.aws.plugins.module_utils._image_source import SourceError

ENGINES = ("docker", "podman", "buildah")
# (arguments, environment, standard input) -> (status, output, error output)
Run = Callable[[list[str], dict[str, str], str], tuple[int, str, str]]
LAST_LINES = 15


@dataclass(frozen=True)
class Build:
    """What is built. C(image) is the full name with the tag that is pushed."""

    source: Path
    image: str
    platform: str
    build_args: Mapping[str, str]
    labels: Mapping[str, str]
    index_url: str = ""


def usable_engine(run: Run) -> str:
    """The first engine that is installed and answers C(info); empty where there is none."""
    for engine in ENGINES:
        if shutil.which(engine) and run([engine, "info"], {}, "")[0] == 0:
            return engine
    return ""


def build_and_push(engine: str, build: Build, login: Login, run: Run, folder: Path) -> None:
    """Build the image and push it. Raises SourceError with the engine's last words where a step fails."""
    environment = _environment(engine, folder)
    insecure = ["--tls-verify=false"] if login.endpoint.startswith("http://") and engine != "docker" else []
    steps = (
        (["login", "--username", login.user, "--password-stdin", *insecure, login.host], login.password),
        (_build_arguments(build, folder), ""),
        (["push", *insecure, build.image], ""),
    )
    for arguments, text in steps:
        status, output, errors = run([engine, *arguments], environment, text)
        if status != 0:
            last = "\n".join((errors or output).strip().splitlines()[-LAST_LINES:])
            raise SourceError(f"{engine} {arguments[0]} failed: {last}")


def _environment(engine: str, folder: Path) -> dict[str, str]:
    """Credentials in C(folder) instead of the user's own, which are taken along for the base image's registry."""
    if engine != "docker":
        return {"REGISTRY_AUTH_FILE": str(folder / "auth.json")}
    own = Path(os.environ.get("DOCKER_CONFIG", Path.home() / ".docker"))
    for item in own.iterdir() if own.is_dir() else []:
        if item.name == "config.json":
            shutil.copy(item, folder / item.name)
        else:
            (folder / item.name).symlink_to(item.resolve())
    # One image and no index beside it: Fargate and the scan take the image itself.
    return {"DOCKER_CONFIG": str(folder), "DOCKER_BUILDKIT": "1", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}


def _build_arguments(build: Build, folder: Path) -> list[str]:
    arguments = [
        "build",
        "--platform",
        build.platform,
        "--file",
        str(build.source / "Dockerfile"),
        "--tag",
        build.image,
    ]
    for name, value in sorted(build.build_args.items()):
        arguments += ["--build-arg", f"{name}={value}"]
    for name, value in sorted(build.labels.items()):
        arguments += ["--label", f"{name}={value}"]
    if build.index_url:
        settings = folder / "pip.conf"
        settings.touch(mode=0o600)
        settings.write_text(f"[global]\nindex-url = {build.index_url}\n", "utf-8")
        arguments += ["--secret", f"id=pip_conf,src={settings}"]
    certificates = os.environ.get("PIP_CERT", "")
    if certificates:
        arguments += ["--secret", f"id=ca_bundle,src={certificates}"]
    return [*arguments, str(build.source)]
