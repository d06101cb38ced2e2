"""tools/bootstrap on machines that are not as they should be. Python itself is real, venv and pip are stand-ins."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COMMANDS = ("cat", "cksum", "cp", "dirname", "ln", "mkdir", "rm", "sh")
OWN = "-m compileall -q plugins"
SHIM = "#!/bin/sh\nexit 127\n"
OLD = "#!/bin/sh\nexit 1\n"
# New enough, but Debian keeps venv in a package of its own.
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\n'

# `-m venv FOLDER` copies itself there, `-m pip` and `-m compileall` write down that they were called, and leave a uv
# that does nothing; the rest is the real interpreter.
WORKING = f"""\
#!/bin/sh
case "$1 $2" in
"-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
"-m pip" | "-m compileall") printf '%s\\n' "$*" >>"${{0%/*}}/pip-calls" && cp "$0" "${{0%/*}}/uv" ;;
"pip install") ;;
*) exec "{sys.executable}" "$@" ;;
esac
"""


class Machine:
    """A checkout and a PATH that holds nothing but what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.checkout = folder / "check out"
        self.pyenv = folder / "pyenv"
        for path in (self.bin, self.checkout / "requirements", self.pyenv):
            path.mkdir(parents=True)
        shutil.copytree(ROOT / "tools", self.checkout / "tools")
        (self.checkout / "requirements" / "empty.lock").touch()
        for command in COMMANDS:
            found = shutil.which(command)
            assert found
            (self.bin / command).symlink_to(found)

    def put(self, name: str, script: str) -> None:
        """A command on PATH."""
        (self.bin / name).write_text(script, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def put_working_python(self) -> None:
        """A new enough interpreter, where pyenv keeps its own."""
        place = self.pyenv / "versions" / "3.12.99" / "bin"
        place.mkdir(parents=True)
        (place / "python").write_text(WORKING, encoding="utf-8")
        (place / "python").chmod(0o755)

    def pip_calls(self) -> list[str]:
        """What pip was asked for, and what was compiled of it, one line a call."""
        return [call for call in self._calls() if call != OWN]

    def own_compiled(self) -> int:
        """How often the collection's own Python was compiled."""
        return self._calls().count(OWN)

    def _calls(self) -> list[str]:
        return (self.checkout / ".venv" / "bin" / "pip-calls").read_text(encoding="utf-8").splitlines()

    def bootstrap(self, *sets: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run it."""
        given = {"PATH": str(self.bin), "PYENV_ROOT": str(self.pyenv), "BOOTSTRAP_INSTALLER": "pip", **environment}
        command = [str(self.checkout / "tools" / "bootstrap"), *sets]
        return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine without any Python."""
    return Machine(tmp_path)


def test_a_working_python_is_found_behind_shims_that_fail(machine: Machine) -> None:
    for name in ("python3.12", "python3.13", "python3"):
        machine.put(name, SHIM)
    machine.put_working_python()
    done = machine.bootstrap("empty")
    assert done.returncode == 0, done.stderr
    assert [call.split(" install ")[1] for call in machine.pip_calls()] == [
        "--quiet --require-hashes --no-deps -r requirements/empty.lock"
    ]
    link = machine.checkout / ".ansible/collections/ansible_collections/private_rag/aws"
    assert link.resolve() == machine.checkout


def test_the_second_run_installs_nothing(machine: Machine) -> None:
    machine.put_working_python()
    first = machine.bootstrap("empty")
    second = machine.bootstrap("empty")
    assert "installing requirements/empty.lock" in first.stdout
    assert (second.returncode, second.stdout) == (0, "")
    assert len(machine.pip_calls()) == 1
    assert machine.own_compiled() == 2, "what was edited since would be compiled by each run"


def test_a_changed_lock_is_installed_again(machine: Machine) -> None:
    machine.put_working_python()
    machine.bootstrap("empty")
    (machine.checkout / "requirements" / "empty.lock").write_text("# changed\n", encoding="utf-8")
    assert "installing requirements/empty.lock" in machine.bootstrap("empty").stdout


def test_what_uv_installs_is_compiled_but_for_the_tests_own(machine: Machine) -> None:
    machine.put_working_python()
    for name in ("deploy", "test"):
        (machine.checkout / "requirements" / f"{name}.lock").touch()
    done = machine.bootstrap("deploy", "test", BOOTSTRAP_INSTALLER="uv")
    assert done.returncode == 0, done.stderr
    assert [call.split()[1] for call in machine.pip_calls()] == ["pip", "compileall"]


def test_without_a_python_it_says_what_is_missing(machine: Machine) -> None:
    machine.put("python3", OLD)
    done = machine.bootstrap("empty")
    assert done.returncode == 1
    assert "no working Python >= 3.12 found" in done.stderr


def test_a_python_without_venv_is_named_with_the_remedy(machine: Machine) -> None:
    machine.put("python3.12", WITHOUT_VENV)
    done = machine.bootstrap("empty")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "python3.12 has no venv/ensurepip" in done.stderr
    assert "apt install python3-venv" in done.stderr


def test_the_python_that_the_user_names_comes_first(machine: Machine) -> None:
    machine.put("chosen", OLD)
    machine.put_working_python()
    done = machine.bootstrap("empty", PYTHON=str(machine.bin / "chosen"))
    assert done.returncode == 1
    assert "does not run, or is older than 3.12" in done.stderr


def test_an_installed_copy_of_the_collection_is_not_overlaid(machine: Machine) -> None:
    machine.put_working_python()
    (machine.checkout / ".ansible/collections/ansible_collections/private_rag/aws").mkdir(parents=True)
    done = machine.bootstrap("empty")
    assert done.returncode == 1
    assert "is an installed copy of the collection" in done.stderr
