"""meta/runtime.yml names every module in the group whose defaults it takes, and no other."""

from __future__ import annotations

from tests.unit.repository.checkout import MODULES, fragments, load


def group(name: str) -> list[str]:
    """The modules of a group, without its metadata."""
    return [entry for entry in load("meta/runtime.yml")["action_groups"][name] if isinstance(entry, str)]


def test_own_holds_the_modules_that_take_a_region() -> None:
    assert group("own") == [name for name in MODULES if "amazon.aws.region.modules" in fragments(name)]


def test_aws_extends_the_groups_we_build_on() -> None:
    metadata = [entry["metadata"] for entry in load("meta/runtime.yml")["action_groups"]["aws"] if "metadata" in entry]
    assert metadata == [{"extend_group": ["private_rag.aws.own", "amazon.aws.aws", "community.aws.aws"]}]


def test_owned_holds_the_modules_that_tag_with_their_deployment() -> None:
    assert group("owned") == [name for name in MODULES if "private_rag.aws.reconcile.owned" in fragments(name)]


def test_every_module_is_in_a_group() -> None:
    assert sorted(group("own") + group("local")) == MODULES
