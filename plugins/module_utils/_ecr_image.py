# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The resource of the module ecr_image: an image under a tag, known by the hash of what it is made from."""

from __future__ import annotations

import functools
import sys
import tempfile
from pathlib import Path

from ansible_collections.private_rag.aws.plugins.module_utils import _image_build as layers
from ansible_collections.private_rag.aws.plugins.module_utils import _image_engine as engines
from ansible_collections.private_rag.aws.plugins.module_utils._ecr import Login, find_image, login, newest_images
from ansible_collections.private_rag.aws.plugins.module_utils._image_source import SourceError, recipe, source_hash
from ansible_collections.private_rag.aws.plugins.module_utils._oci_registry import INDEX_TYPES, Registry
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import Changes, Resource, State
from ansible_collections.private_rag.aws.plugins.module_utils._unknown import unknown

HASH_LABEL = "private-rag.source-hash"
TAG_DIGITS = 16
# Images of the repository that are asked for a layer of the same packages.
EARLIER_IMAGES = 3
LAST_LINES = 15
_MAPS = ("build_args", "labels")


class Image(Resource):
    kind = "image"
    key = "image"
    identity = ("repository",)
    computed = {"digest": "image digest", "uri": "image uri"}
    # What built the image in this run; empty where nothing was built.
    built_by = ""

    @property
    def label(self) -> str:
        return f"image of {self.params['repository']}"

    def desired(self) -> State:
        return {"repository": self.params["repository"], "tag": self._tag, "source_hash": self._hash}

    def read(self) -> State | None:
        found = find_image(self.client("ecr"), self.params["repository"], tag=self._tag)
        if found is None:
            return None
        known = self._hash if self._is_content_addressed else self._hash_of(found["digest"])
        return {**found, "tag": self._tag, "source_hash": known}

    def create(self, desired: State) -> None:
        builder = self.params["builder"]
        if builder == "auto":
            builder = engines.usable_engine(self._run) or "layers"
        with tempfile.TemporaryDirectory(dir=self.module.tmpdir) as folder:
            if builder == "layers":
                self._build_layers(Path(folder))
            else:
                self._build_with_engine(builder, Path(folder))
        self.built_by = builder

    def update(self, current: State, changes: Changes) -> None:
        self.create(self.desired())

    def predicted(self, result: State) -> State:
        """The result; in check mode with placeholders for what an image built again would bring."""
        if self.module.check_mode and result["action"] == "update":
            result[self.key].update({field: unknown(str(words)) for field, words in self.computed.items()})
        return {**result, self.key: {**result[self.key], "builder": self.built_by}}

    @functools.cached_property
    def _login(self) -> Login:
        return login(self.client("ecr"))

    @functools.cached_property
    def _verify(self) -> bool | str:
        return self.params.get("aws_ca_bundle") or bool(self.params.get("validate_certs", True))

    @functools.cached_property
    def _source(self) -> Path:
        source = Path(self.params["source"])
        if not (source / "Dockerfile").is_file():
            raise SourceError(f"{source} has no Dockerfile")
        return source

    @functools.cached_property
    def _base_image(self) -> str:
        """The base image with its digest, where its registry answers."""
        named = self.params["base_image"] or recipe(self._source, self.params["build_args"]).base_image
        return layers.pinned(named, self._login, self._verify)

    @functools.cached_property
    def _hash(self) -> str:
        texts = {option: {key: str(value) for key, value in self.params[option].items()} for option in _MAPS}
        settings = {"base_image": self._base_image, "platform": self.params["platform"], **texts}
        return source_hash(self._source, settings)

    @property
    def _is_content_addressed(self) -> bool:
        return not self.params["tag"]

    @property
    def _tag(self) -> str:
        return str(self.params["tag"] or self._hash[:TAG_DIGITS])

    @property
    def _labels(self) -> dict[str, str]:
        return {**{key: str(value) for key, value in self.params["labels"].items()}, HASH_LABEL: self._hash}

    @property
    def _build_args(self) -> dict[str, str]:
        own = {key: str(value) for key, value in self.params["build_args"].items()}
        return {**own, "BASE_IMAGE": self._base_image}

    def _registry(self) -> Registry:
        place = self._login
        return Registry(place.endpoint, self.params["repository"], place.user, place.password, self._verify)

    def _hash_of(self, digest: str) -> str:
        """The source's hash from an image's label; empty where it has none."""
        registry = self._registry()
        manifest = registry.manifest(digest)
        if manifest["mediaType"] in INDEX_TYPES:
            return ""
        config = registry.json_blob(manifest["config"]["digest"])
        return str(((config.get("config") or {}).get("Labels") or {}).get(HASH_LABEL, ""))

    def _build_layers(self, folder: Path) -> None:
        order = layers.Order(
            source=self._source,
            base_image=self._base_image,
            platform=self.params["platform"],
            python_version=self.params["python_version"],
            build_args=self._build_args,
            labels=self._labels,
            index_url=self.params["index_url"] or "",
            cache=Path(self.params["cache_dir"] or folder),
            scratch=folder,
        )
        earlier = [item["imageDigest"] for item in newest_images(self.client("ecr"), self.params["repository"])]
        base = layers.base_registry(self._base_image, self._login, self._verify)
        layers.build_and_push(order, self._registry(), self._tag, base, earlier[:EARLIER_IMAGES], self._python)

    def _build_with_engine(self, engine: str, folder: Path) -> None:
        build = engines.Build(
            source=self._source,
            image=f"{self._login.host}/{self.params['repository']}:{self._tag}",
            platform=self.params["platform"],
            build_args=self._build_args,
            labels=self._labels,
            index_url=self.params["index_url"] or "",
        )
        engines.build_and_push(engine, build, self._login, self._run, folder)

    def _run(self, arguments: list[str], environment: dict[str, str], text: str) -> tuple[int, str, str]:
        status, output, errors = self.module.run_command(
            arguments, data=text or None, environ_update=environment, handle_exceptions=False
        )
        return status, output, errors

    def _python(self, arguments: list[str], environment: dict[str, str]) -> None:
        status, output, errors = self._run([sys.executable, "-m", *arguments], environment, "")
        if status != 0:
            last = "\n".join((errors or output).strip().splitlines()[-LAST_LINES:])
            raise SourceError(f"python -m {arguments[0]} failed: {last}")
