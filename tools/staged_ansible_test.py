"""ansible-test on a copy of the checkout: ``python -m tools.staged_ansible_test sanity|units``.

ansible-test wants a real folder .../ansible_collections/private_rag/aws. A link does not do, and below a git-ignored
folder it skips every target and still succeeds. So what git knows, or would add, is copied to a temporary folder, with
the collections we build on linked beside it. Its virtual environments are kept in .cache/ansible-test.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".cache" / "ansible-test"
NAMESPACES = ("amazon", "community")
# The only unit tests that ansible-test can run: those of plugins. The others need packages of the local cloud.
UNITS = "tests/unit/plugins/"
PYTHON_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

# ansible-test downloads get-pip.py from a host of its own. pip's own wheel inside Python, and the user's package index,
# do the same; the arguments are requirements, and two options of get-pip.py that pip does not know.
GET_PIP = """\
import subprocess
import sys

arguments = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
subprocess.check_call([sys.executable, "-m", "ensurepip"])
subprocess.check_call([sys.executable, "-m", "pip", "install", "--upgrade", *arguments])
"""


def pip_version() -> str:
    """The version of pip that this ansible-test asks for, which is part of the name of the file it looks for."""
    from ansible_test._internal.python_requirements import get_venv_packages

    class Python:
        version = PYTHON_VERSION

    return str(get_venv_packages(Python())["pip"])


def prepare_home() -> None:
    """A home folder for ansible-test, with its stand-in for get-pip.py and the user's settings for pip."""
    get_pip = HOME / ".ansible" / "test" / "cache" / f"get_pip_{pip_version().replace('.', '_')}.py"
    get_pip.parent.mkdir(parents=True, exist_ok=True)
    get_pip.write_text(GET_PIP, encoding="utf-8")
    settings = subprocess.run(
        [sys.executable, ROOT / "tools" / "pip_settings.py", "pip-conf"], check=True, capture_output=True, text=True
    )
    pip_conf = HOME / ".config" / "pip" / "pip.conf"
    pip_conf.parent.mkdir(parents=True, exist_ok=True)
    pip_conf.touch(mode=0o600)  # an index may be named with a password
    pip_conf.write_text(f"{settings.stdout}quiet = 1\n", encoding="utf-8")


def tracked_files() -> list[str]:
    """Paths that git knows or would add, below the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted({path for path in listed.split("\0") if path and (ROOT / path).is_file()})


def installed_collections() -> Path:
    """Where PyPI's `ansible` put its collections."""
    found = importlib.util.find_spec("ansible_collections.amazon")
    if not found or not found.submodule_search_locations:
        raise SystemExit("amazon.aws is not installed: tools/bootstrap deploy")
    return Path(next(iter(found.submodule_search_locations))).parent


def stage(folder: Path) -> Path:
    """Copy the collection below ``folder`` and link its dependencies; returns the copy's root."""
    collections = folder / "ansible_collections"
    copy = collections / "private_rag" / "aws"
    for path in tracked_files():
        target = copy / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target, follow_symlinks=False)
    for namespace in NAMESPACES:
        (collections / namespace).symlink_to(installed_collections() / namespace)
    return copy


def false_green(command: str, output: str) -> str:
    """Why a success proves nothing, in words; empty where it does."""
    if "All targets skipped" in output:
        return "ansible-test skipped every target."
    if command == "units" and not re.search(r"\b[1-9][0-9]* passed\b", output):
        return f"ansible-test ran no unit test below {UNITS}"
    return ""


def ansible_test(command: str, copy: Path) -> int:
    """Run ansible-test in the copy, show what it prints, and distrust an empty success."""
    targets = [UNITS] if command == "units" else []
    process = subprocess.run(
        [Path(sys.executable).with_name("ansible-test"), command, "--python", PYTHON_VERSION, *targets],
        cwd=copy,
        env={**os.environ, "HOME": str(HOME), "ANSIBLE_COLLECTIONS_PATH": str(copy.parents[2])},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(process.stdout)
    if complaint := false_green(command, process.stdout):
        print(f"A success that proves nothing: {complaint}")
    return process.returncode or bool(complaint)


def main(arguments: list[str]) -> int:
    """``sanity`` or ``units``."""
    if arguments not in (["sanity"], ["units"]):
        print("usage: staged_ansible_test sanity|units", file=sys.stderr)
        return 2
    prepare_home()
    with tempfile.TemporaryDirectory(prefix="private-rag-") as folder:
        return ansible_test(arguments[0], stage(Path(folder)))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
