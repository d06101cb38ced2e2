# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The resource of the module dynamodb_table. Field names are the module's options; C(keys) stands for the keys."""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages
from ansible_collections.private_rag.aws.plugins.module_utils._fields import given, wanted_values
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._tags import from_pairs, tag_changes, to_pairs
from ansible_collections.private_rag.aws.plugins.module_utils._unknown import has_unknown
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait

# The key that AWS manages: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SSESpecification.html
AWS_MANAGED_KEY = "alias/aws/dynamodb"
CAPACITY = ("read_capacity", "write_capacity")


class Table(Resource):
    kind = "DynamoDB table"
    key = "table"
    computed = {"arn": "table arn"}

    def desired(self) -> State:
        simple = ("name", "billing_mode", "ttl_attribute", "point_in_time_recovery", "sse_kms_key_id")
        capacity = given(self.params, *CAPACITY) if self.params["billing_mode"] == "PROVISIONED" else {}
        keys = {self.params["hash_key"]: self._key("HASH", self.params["hash_key"])}
        if self.params["range_key"]:
            keys[self.params["range_key"]] = self._key("RANGE", self.params["range_key"])
        options = given(self.params, *simple, "deletion_protection")
        return {"keys": keys, **options, **capacity, **self.tags()}

    def read(self) -> State | None:
        found = self._describe()
        if found is None:
            return None
        arn, name = found["TableArn"], found["TableName"]
        throughput = found.get("ProvisionedThroughput", {})
        return {
            "name": name,
            "arn": arn,
            "keys": keys_of(found),
            "billing_mode": found.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            "read_capacity": throughput.get("ReadCapacityUnits", 0),
            "write_capacity": throughput.get("WriteCapacityUnits", 0),
            "ttl_attribute": self._ttl(),
            "point_in_time_recovery": self._recovery(),
            "sse_kms_key_id": self._encryption_key(found.get("SSEDescription", {})),
            "deletion_protection": found.get("DeletionProtectionEnabled", False),
            "tags": from_pairs(pages(self.client("dynamodb"), "list_tags_of_resource", "Tags", ResourceArn=arn)),
        }

    def create(self, desired: State) -> None:
        roles = {name: kind.split() for name, kind in desired["keys"].items()}
        request: State = {
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": roles[name][1]} for name in roles],
            "KeySchema": [{"AttributeName": name, "KeyType": roles[name][0]} for name in roles],
            **billing_request({"billing_mode": "PAY_PER_REQUEST", **desired}),
        }
        if desired.get("sse_kms_key_id"):
            request["SSESpecification"] = encryption_request(desired["sse_kms_key_id"])
        if "deletion_protection" in desired:
            request["DeletionProtectionEnabled"] = desired["deletion_protection"]
        if desired.get("tags"):
            request["Tags"] = to_pairs(desired["tags"])
        self.client("dynamodb").create_table(TableName=desired["name"], **request)
        self._wait_active()
        if desired.get("ttl_attribute"):
            self._set_ttl(desired["ttl_attribute"])
        if desired.get("point_in_time_recovery"):
            self._set_recovery(True)

    def update(self, current: State, changes: Changes) -> None:
        wanted = wanted_values(changes)
        if {"billing_mode", *CAPACITY} & wanted.keys():
            self._update_table(**billing_request({**current, **wanted}))
        if "sse_kms_key_id" in wanted:
            self._update_table(SSESpecification=encryption_request(wanted["sse_kms_key_id"]))
        if "deletion_protection" in wanted:
            self._update_table(DeletionProtectionEnabled=wanted["deletion_protection"])
        if "point_in_time_recovery" in wanted:
            self._set_recovery(wanted["point_in_time_recovery"])
        if "tags" in wanted:
            self._set_tags(current["arn"], changes["tags"])
        if "ttl_attribute" in wanted:
            self._change_ttl(*changes["ttl_attribute"])

    def check_delete(self, current: State) -> None:
        if current["deletion_protection"] and not self.params["force"]:
            raise ReconcileError(
                f"{self.label} is protected against deletion, and its items would be lost. "
                "Set force: true to switch the protection off and delete it."
            )

    def delete(self, current: State) -> None:
        if current["deletion_protection"]:
            self._update_table(DeletionProtectionEnabled=False)
        self.client("dynamodb").delete_table(TableName=current["name"])
        wait(self.client("dynamodb"), "dynamodb_table_not_exists", TableName=current["name"])

    def differences(self, current: State, desired: State) -> Changes:
        changes = super().differences(current, desired)
        if "keys" in changes:
            raise ReconcileError(
                f"{self.label} has the keys {in_words(current['keys'])}, but {in_words(desired['keys'])} are needed, "
                "and DynamoDB never changes the keys of a table. Choose another name for the new table; or save what "
                "the old one holds (CreateBackup, ExportTableToPointInTime), delete it, and run again."
            )
        return changes

    def _key(self, role: str, name: str) -> str:
        return f"{role} {self.params['attributes'].get(name, 'S')}"

    def _describe(self) -> dict[str, Any] | None:
        """The table once it is neither being made nor being changed; C(None) if it is absent or going."""
        dynamodb, name = self.client("dynamodb"), self.params["name"]
        try:
            found: dict[str, Any] = dynamodb.describe_table(TableName=name)["Table"]
        except is_boto3_error_code("ResourceNotFoundException"):
            return None
        status = found["TableStatus"]
        if status == "DELETING":
            if not self.module.check_mode:
                wait(dynamodb, "dynamodb_table_not_exists", TableName=name)
            return None
        if status in ("CREATING", "UPDATING") and not self.module.check_mode:
            self._wait_active()
            found = dynamodb.describe_table(TableName=name)["Table"]
        return found

    def _ttl(self) -> str:
        answer = self.client("dynamodb").describe_time_to_live(TableName=self.params["name"])
        found = answer["TimeToLiveDescription"]
        return str(found["AttributeName"]) if found["TimeToLiveStatus"] in ("ENABLED", "ENABLING") else ""

    def _recovery(self) -> bool:
        answer = self.client("dynamodb").describe_continuous_backups(TableName=self.params["name"])
        found = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        return bool(found.get("PointInTimeRecoveryStatus") == "ENABLED")

    def _encryption_key(self, found: dict[str, Any]) -> str:
        """The key in the option's spelling where that names the same key, otherwise its ARN; empty if AWS owns it."""
        if found.get("Status") not in ("ENABLED", "ENABLING", "UPDATING"):
            return ""
        arn, wanted = str(found.get("KMSMasterKeyArn", "")), self.params["sse_kms_key_id"]
        if not wanted or has_unknown(wanted) or wanted == arn:
            return arn
        try:
            same = self.client("kms").describe_key(KeyId=wanted)["KeyMetadata"]["Arn"] == arn
        except is_boto3_error_code("NotFoundException"):
            same = False
        return wanted if same else arn

    def _wait_active(self) -> None:
        wait(self.client("dynamodb"), "dynamodb_table_exists", TableName=self.params["name"])

    def _update_table(self, **request: Any) -> None:
        # One kind of change at a time, and only on an ACTIVE table: API_UpdateTable.
        self.client("dynamodb").update_table(TableName=self.params["name"], **request)
        self._wait_active()

    def _set_ttl(self, attribute: str, enabled: bool = True) -> None:
        self.client("dynamodb").update_time_to_live(
            TableName=self.params["name"],
            TimeToLiveSpecification={"Enabled": enabled, "AttributeName": attribute},
        )

    def _change_ttl(self, now: str, wanted: str) -> None:
        if now:
            self._set_ttl(now, enabled=False)
        if now and wanted:
            # 'can take up to one hour ... additional UpdateTimeToLive calls for the same table during this one hour
            # duration result in a ValidationException': API_UpdateTimeToLive.
            raise ReconcileError(
                f"{self.label}: expiry by {now!r} was switched off. AWS takes up to an hour before another attribute "
                f"can be set: run again then, to set {wanted!r}."
            )
        if wanted:
            self._set_ttl(wanted)

    def _set_recovery(self, enabled: bool) -> None:
        dynamodb, name = self.client("dynamodb"), self.params["name"]
        # ContinuousBackupsUnavailableException until they are ready: API_UpdateContinuousBackups.
        wait(dynamodb, "dynamodb_backups_ready", TableName=name)
        dynamodb.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled}
        )

    def _set_tags(self, arn: str, change: tuple[dict[str, str], dict[str, str]]) -> None:
        to_set, to_remove = tag_changes(*change)
        if to_set:
            self.client("dynamodb").tag_resource(ResourceArn=arn, Tags=to_pairs(to_set))
        if to_remove:
            self.client("dynamodb").untag_resource(ResourceArn=arn, TagKeys=to_remove)


def keys_of(found: dict[str, Any]) -> dict[str, str]:
    """The keys of a table with role and type, for example C({"pk": "HASH S"})."""
    types = {item["AttributeName"]: item["AttributeType"] for item in found["AttributeDefinitions"]}
    return {item["AttributeName"]: f"{item['KeyType']} {types[item['AttributeName']]}" for item in found["KeySchema"]}


def in_words(keys: dict[str, str]) -> str:
    """Keys for a message, for example C(session_id (HASH S) and timestamp (RANGE S))."""
    return " and ".join(f"{name} ({role})" for name, role in keys.items())


def billing_request(fields: State) -> State:
    """Billing as CreateTable and UpdateTable take it."""
    request: State = {"BillingMode": fields["billing_mode"]}
    if fields["billing_mode"] == "PROVISIONED":
        read, write = (fields[field] for field in CAPACITY)
        request["ProvisionedThroughput"] = {"ReadCapacityUnits": read, "WriteCapacityUnits": write}
    return request


def encryption_request(key: str) -> State:
    """SSESpecification: no key is the AWS-owned one, and the AWS-managed one is never named (API_SSESpecification)."""
    if not key:
        return {"Enabled": False}
    named = {} if key == AWS_MANAGED_KEY else {"KMSMasterKeyId": key}
    return {"Enabled": True, "SSEType": "KMS", **named}
