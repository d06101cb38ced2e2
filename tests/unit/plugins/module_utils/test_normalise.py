# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json

import pytest
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import canonical_policy, compact

WRITTEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "a:B", "Resource": ["y", "x"]}],
}
READ = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["a:B"], "Resource": ["x", "y"]},
}


def test_two_spellings_of_one_policy_are_equal():
    assert canonical_policy(WRITTEN) == canonical_policy(READ)


def test_the_escaped_text_of_api_gateway_is_read():
    escaped = json.dumps(WRITTEN).replace('"', '\\"')
    assert canonical_policy(escaped) == canonical_policy(WRITTEN)


def test_an_account_is_the_same_by_its_id_and_by_its_root():
    def trusting(*who):
        return canonical_policy({"Statement": [{"Effect": "Allow", "Principal": {"AWS": [*who]}}]})

    user = "arn:aws:iam::210987654321:user/root"
    assert trusting("123456789012", user) == trusting(user, "arn:aws:iam::123456789012:root")
    assert trusting("arn:aws-cn:iam::123456789012:root") == trusting("123456789012")
    assert trusting(user) != trusting("210987654321")


def test_different_policies_differ():
    other = {**WRITTEN, "Statement": [{**WRITTEN["Statement"][0], "Effect": "Deny"}]}
    assert canonical_policy(other) != canonical_policy(WRITTEN)


@pytest.mark.parametrize("empty", [None, "", {}])
def test_no_policy_is_none(empty):
    assert canonical_policy(empty) is None


def test_conditions_compare_one_value_and_a_list_alike():
    def with_condition(value):
        return canonical_policy(
            {"Statement": [{"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": value}}}]}
        )

    assert with_condition(False) == with_condition(["false"])


def test_compact_drops_options_that_were_left_out():
    assert compact({"a": None, "b": [{"c": None, "d": 0}]}) == {"b": [{"d": 0}]}
