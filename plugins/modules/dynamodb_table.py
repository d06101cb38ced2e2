#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: dynamodb_table
version_added: 1.0.0
short_description: Manage a DynamoDB table with its protection
description:
  - Creates, corrects and deletes a table, its billing, time to live, point-in-time recovery, encryption, deletion
    protection and tags.
  - A table whose keys differ is refused with what to do, since DynamoDB never changes keys.
  - Stands on the DynamoDB API CreateTable, UpdateTable, UpdateTimeToLive, UpdateContinuousBackups, TagResource,
    DeleteTable.
author:
  - private_rag.aws contributors (@private-rag)
options:
  name:
    description: Name of the table, 3 to 255 letters, digits, hyphens, underscores and dots.
    type: str
    required: true
  hash_key:
    description: Name of the partition key.
    type: str
    default: pk
  range_key:
    description: Name of the sort key. An empty string for none.
    type: str
    default: sk
  attributes:
    description: Types of the keys by name, V(S) (text), V(N) (number) or V(B) (binary). V(S) where not given.
    type: dict
    default: {}
  billing_mode:
    description: Pay for each request, or for capacity that is set aside.
    type: str
    choices: [PAY_PER_REQUEST, PROVISIONED]
  read_capacity:
    description: Read capacity units of V(PROVISIONED).
    type: int
  write_capacity:
    description: Write capacity units of V(PROVISIONED).
    type: int
  ttl_attribute:
    description:
      - Attribute with the time (epoch seconds) at which an item expires. An empty string switches expiry off.
      - AWS takes up to an hour before expiry may be switched again.
    type: str
  point_in_time_recovery:
    description: Whether the table can be restored to any second of the last 35 days.
    type: bool
  sse_kms_key_id:
    description:
      - KMS key of the encryption at rest, as id, ARN or alias.
      - An empty string is the key that AWS owns, V(alias/aws/dynamodb) the one that AWS manages in this account.
    type: str
  deletion_protection:
    description: Whether DeleteTable is refused.
    type: bool
  force:
    description: With O(state=absent), switch deletion protection off first, instead of refusing.
    type: bool
    default: false
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Table of the chat history
  private_rag.aws.dynamodb_table:
    name: ChatHistory
    billing_mode: PAY_PER_REQUEST
    ttl_attribute: ttl
    point_in_time_recovery: true
    sse_kms_key_id: alias/aws/dynamodb
    deletion_protection: true
    deployment: chatbot-prod
"""

RETURN = r"""
table:
  description: The table; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    name: ChatHistory
    arn: arn:aws:dynamodb:ap-northeast-1:123456789012:table/ChatHistory
    keys: {pk: HASH S, sk: RANGE S}
    billing_mode: PAY_PER_REQUEST
    ttl_attribute: ttl
    point_in_time_recovery: true
    sse_kms_key_id: alias/aws/dynamodb
    deletion_protection: true
    tags: {"private-rag:deployment": chatbot-prod}
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: update
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {point_in_time_recovery: {before: false, after: true}}
"""

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._aws import run
from ansible_collections.private_rag.aws.plugins.module_utils._dynamodb_table import Table

ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "hash_key": {"type": "str", "default": "pk", "no_log": False},
    "range_key": {"type": "str", "default": "sk", "no_log": False},
    "attributes": {"type": "dict", "default": {}},
    "billing_mode": {"type": "str", "choices": ["PAY_PER_REQUEST", "PROVISIONED"]},
    "read_capacity": {"type": "int"},
    "write_capacity": {"type": "int"},
    "ttl_attribute": {"type": "str"},
    "point_in_time_recovery": {"type": "bool"},
    "sse_kms_key_id": {"type": "str"},
    "deletion_protection": {"type": "bool"},
    "force": {"type": "bool", "default": False},
}


def main() -> None:
    capacity = ("read_capacity", "write_capacity")
    run(Table, ARGUMENT_SPEC, owned=True, required_if=[("billing_mode", "PROVISIONED", capacity)])


if __name__ == "__main__":
    main()
