#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: dynamodb_query_info
version_added: 1.0.0
short_description: Read the items of one partition of a DynamoDB table
description:
  - Reads the items that share a partition key, for example one conversation of the chatbot.
  - Stands on the DynamoDB API Query.
author:
  - private_rag.aws contributors (@private-rag)
options:
  table:
    description: Name of the table.
    type: str
    required: true
  key:
    description: Name of the partition key, a string.
    type: str
    required: true
  value:
    description: Its value.
    type: str
    required: true
attributes:
  check_mode:
    description: Reads only, so check mode makes no difference.
    support: full
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Read one conversation
  private_rag.aws.dynamodb_query_info:
    table: ChatHistory
    key: pk
    value: USER#anonymous#CONV#0123456789abcdef0123456789abcdef
"""

RETURN = r"""
items_found:
  description: The items as plain data, sorted by the table's sort key. Numbers are returned as strings.
  returned: always
  type: list
  elements: dict
  sample: [{pk: USER#anonymous#CONV#0123, sk: "MSG#2026-11-23T00:00:00.000Z#01J", role: user}]
"""

from decimal import Decimal
from typing import Any

try:
    from boto3.dynamodb.types import TypeDeserializer
except ImportError:  # AnsibleAWSModule says plainly that boto3 is missing.
    TypeDeserializer = None

from ansible_collections.private_rag.aws.plugins.module_utils._aws import answer, make_module, pages

ARGUMENT_SPEC: dict[str, Any] = {
    "table": {"type": "str", "required": True},
    "key": {"type": "str", "required": True, "no_log": False},
    "value": {"type": "str", "required": True},
}


def plain(value: Any) -> Any:
    """A deserialised attribute as JSON can carry it: numbers and bytes as strings, sets as sorted lists."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value if isinstance(value, (str, bool)) or value is None else _text(value)


def _text(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else bytes(value).hex()


def query(module: Any) -> dict[str, Any]:
    """All items of the partition."""
    items = pages(
        module.client("dynamodb"),
        "query",
        "Items",
        TableName=module.params["table"],
        KeyConditionExpression="#key = :value",
        ExpressionAttributeNames={"#key": module.params["key"]},
        ExpressionAttributeValues={":value": {"S": module.params["value"]}},
    )
    read = TypeDeserializer().deserialize
    return {
        "changed": False,
        "items_found": [{name: plain(read(value)) for name, value in item.items()} for item in items],
    }


def main() -> None:
    module = make_module(ARGUMENT_SPEC, state=False)
    answer(module, lambda: query(module), f"read the table {module.params['table']}")


if __name__ == "__main__":
    main()
