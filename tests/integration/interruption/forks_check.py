"""A copy of an account starts where its original stands, and goes its own way."""

from __future__ import annotations

import urllib.error

import pytest

from tests.integration.cloud import Cloud


def test_a_copy_goes_its_own_way(cloud: Cloud) -> None:
    cloud.client("iam").create_group(GroupName="before")
    copy = Cloud(cloud.ask("POST", "/_local/forks")["endpoint"])
    port = copy.endpoint.rpartition(":")[2]
    copy.client("iam").create_group(GroupName="copy")
    cloud.client("iam").create_group(GroupName="original")

    def groups(of: Cloud) -> set[str]:
        return {group["GroupName"] for group in of.client("iam").list_groups()["Groups"]}

    assert (groups(cloud), groups(copy)) == ({"before", "original"}, {"before", "copy"})
    cloud.ask("DELETE", f"/_local/forks/{port}")
    with pytest.raises(urllib.error.URLError):
        copy.get("/_local/health")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        cloud.ask("DELETE", f"/_local/forks/{port}")
