"""Terraform with a peer module, which lies outside the project and is named by the caller.

The peer is a folder with `module/` (the Terraform module; variables region, endpoint_url, vpc_id, public_subnet_ids,
private_subnet_ids, endpoint_security_group_ids {bedrock, dynamodb, logs}), `build_zip.py SITE_PACKAGES OUT` (the
function's package), and `verify.py URL TFVARS` (facts about what is deployed). It is copied, never written to.
Providers come from the folder that TF_PLUGIN_MIRROR names, else from where Terraform's own configuration says.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.bench.account import REGION, Account
from tools.bench.tool import BenchError, Command

NAME = "Terraform"
ARGUMENTS = {
    "cold": ["apply", "-auto-approve"],
    "noop": ["apply", "-auto-approve"],
    "check": ["plan"],
    "destroy": ["destroy", "-auto-approve"],
}
SAYS = {
    "cold": re.compile(r"Apply complete! Resources: [1-9]\d* added, 0 changed, 0 destroyed"),
    "noop": re.compile(r"Apply complete! Resources: 0 added, 0 changed, 0 destroyed"),
    "check": re.compile(r"found no differences"),
    "destroy": re.compile(r"Destroy complete! Resources: [1-9]\d* destroyed"),
}
STEADY = {"resource": {"aws_ecs_service": {"frontend": {"wait_for_steady_state": True}}}}
"""An override file (Terraform: 'Override Files'): the service is waited for, as our site.yml does."""
ENDPOINT_GROUPS = {"bedrock": "bedrock-vpce-sg", "dynamodb": "dynamodb-vpce-sg", "logs": "cloudwatch-logs-vpce-sg"}


def missing(peer: Path | None) -> str:
    """Why Terraform cannot be measured here; empty where it can."""
    if peer is None:
        return "no peer module was named (PEER=folder)"
    if not (peer / "module").is_dir():
        return f"there is no module in {peer}"
    return "" if shutil.which("terraform") else "there is no terraform on this machine"


@dataclass
class Terraform:
    """``steady``: wait until the service's tasks run."""

    peer: Path
    steady: bool = False
    name: str = NAME
    _folder: Path = field(default=Path(), init=False)

    def prepare(self, account: Account, folder: Path) -> None:
        """A copy of the module with its package, variables and providers; `terraform init` is not measured."""
        self._folder = folder
        module = folder / "module"
        shutil.copytree(self.peer / "module", module, copy_function=shutil.copyfile)
        module.chmod(0o755)
        (module / "build").mkdir(mode=0o755)
        package = [sys.executable, str(self.peer / "build_zip.py"), sysconfig.get_path("purelib")]
        self._run([*package, str(module / "build" / "lambda.zip")])
        if self.steady:
            (module / "steady_override.tf.json").write_text(json.dumps(STEADY))
        self.variables.write_text(json.dumps(network(account.ec2())))
        self._run(["terraform", f"-chdir={module}", "init", "-input=false", "-no-color"])

    @property
    def variables(self) -> Path:
        """The network, for the module and for verify.py."""
        return self._folder / "network.tfvars.json"

    def command(self, phase: str, account: Account) -> Command:
        """terraform in the copied module."""
        options = ["-input=false", "-no-color", f"-var-file={self.variables}", f"-var=endpoint_url={account.endpoint}"]
        argv = ["terraform", f"-chdir={self._folder / 'module'}", *ARGUMENTS[phase], *options]
        return Command(argv, self._folder, self._environment())

    def check(self, phase: str, log: str) -> str:
        """Terraform says itself what it did."""
        return "" if SAYS[phase].search(log) else f"it did not say '{SAYS[phase].pattern}'"

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "TF_LOG", "TF_CLI_ARGS"))}
        environment = {**kept, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
        mirror = os.environ.get("TF_PLUGIN_MIRROR")
        if mirror:
            configuration = self._folder / "terraform.rc"
            configuration.write_text(
                f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
            )
            environment["TF_CLI_CONFIG_FILE"] = str(configuration)
        return environment

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(
            command, cwd=self._folder, env=self._environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BenchError(f"{' '.join(command)} failed: {(done.stdout + done.stderr)[-1500:]}")


def network(ec2: Any) -> dict[str, Any]:
    """The company's network (local_cloud/prerequisites.yml) as the module's variables."""
    named = {"Name": "tag:Name", "Values": ["corp-vpc"]}
    vpc = ec2.describe_vpcs(Filters=[named])["Vpcs"][0]["VpcId"]
    inside = [{"Name": "vpc-id", "Values": [vpc]}]
    subnets = {tag(each, "Name"): each["SubnetId"] for each in ec2.describe_subnets(Filters=inside)["Subnets"]}
    groups = ec2.describe_security_groups(Filters=inside)["SecurityGroups"]
    ids = {each["GroupName"]: each["GroupId"] for each in groups}
    return {
        "region": REGION,
        "vpc_id": vpc,
        "public_subnet_ids": [subnets["corp-public-a"], subnets["corp-public-c"]],
        "private_subnet_ids": [subnets["corp-private-a"], subnets["corp-private-c"]],
        "endpoint_security_group_ids": {key: ids[name] for key, name in ENDPOINT_GROUPS.items()},
    }


def tag(resource: dict[str, Any], key: str) -> str:
    """The value of a tag; empty where there is none."""
    return next((str(each["Value"]) for each in resource.get("Tags", []) if each["Key"] == key), "")


def version() -> str:
    """Terraform's version."""
    done = subprocess.run(["terraform", "version", "-json"], capture_output=True, text=True, check=True)
    return str(json.loads(done.stdout[done.stdout.index("{") :])["terraform_version"])
