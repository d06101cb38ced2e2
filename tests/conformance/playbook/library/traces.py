"""A module of the conformance test that behaves badly on request, and tells what it found when it started."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "how": {"choices": ["ends", "warns", "raises", "exits", "prints", "waits"], "default": "ends"},
            "secret": {"no_log": True},
            "directory": {"type": "path"},
        },
        supports_check_mode=True,
    )
    found = {
        "left_behind": os.environ.get("LEFT_BEHIND"),
        "from_play": os.environ.get("FROM_PLAY"),
        "from_task": os.environ.get("FROM_TASK"),
        "directory": os.getcwd(),
        "check_mode": module.check_mode,
        "interpreter": sys.executable,
    }
    os.environ["LEFT_BEHIND"] = "by the module before"
    os.chdir("/")
    if module.params["how"] == "warns":
        module.warn("A warning of the module.")
        module.deprecate("A deprecation of the module.", version="9.0.0", collection_name="private_rag.aws")
    if module.params["how"] == "raises":
        raise ValueError("an exception that nobody caught")
    if module.params["how"] == "exits":
        sys.exit(3)
    if module.params["how"] == "prints":
        print("no JSON")
        return
    if module.params["how"] == "waits":
        Path(module.params["directory"], "begun").touch()
        while not Path(module.params["directory"], "released").exists():
            time.sleep(0.1)
    module.exit_json(changed=False, echoed=module.params["secret"], **found)


if __name__ == "__main__":
    main()
