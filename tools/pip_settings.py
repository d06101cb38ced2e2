"""pip's own settings (pip.conf and PIP_*), handed over to tools that do not read them.

    python tools/pip_settings.py uv          prints `export UV_...=...` lines for a POSIX shell
    python tools/pip_settings.py pip-conf    prints a pip.conf with the same settings

A company names its package mirror, its CA and its proxy in pip's configuration. uv reads none of it, and ansible-test
runs pip without the caller's environment. Only the standard library is used: this runs before anything is installed.
"""

from __future__ import annotations

import ast
import os
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

# Sections of pip.conf that count for `pip install`, the later winning, as in pip's own documentation ("Configuration").
SECTIONS = ("global", "install", ":env:")

# pip's option -> uv's environment variable (uv's documentation, "Environment variables").
UV_VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
    "keyring-provider": "UV_KEYRING_PROVIDER",
}
# pip's options that hold several values; uv separates find-links by commas, indexes and hosts by blanks.
SEPARATORS = {"find-links": ",", "extra-index-url": " ", "trusted-host": " "}


def parse(listing: str) -> dict[str, str]:
    """The effective settings in the output of `pip config list`, whose lines are `section.option='value'`."""
    found: dict[str, dict[str, str]] = {section: {} for section in SECTIONS}
    for line in listing.splitlines():
        name, _sign, value = line.partition("=")
        section, _dot, option = name.rpartition(".")
        if section in found:
            found[section][option] = str(ast.literal_eval(value))
    return {option: value for section in SECTIONS for option, value in found[section].items()}


def words(option: str, value: str) -> list[str]:
    """The values of an option; a path of one CA bundle may hold blanks."""
    return value.split() if option in SEPARATORS else [value.strip()] if value.strip() else []


def exists(location: str) -> bool:
    """Whether uv may be given this find-links location: it fails on a folder that is missing, pip only warns."""
    return bool(urlsplit(location).scheme) or Path(location).expanduser().exists()


def uv_variables(settings: dict[str, str]) -> dict[str, str]:
    """The environment that makes uv behave as pip would with these settings."""
    variables: dict[str, str] = {}
    for option, variable in UV_VARIABLES.items():
        values = words(option, settings.get(option, ""))
        if option == "find-links":
            values = [value for value in values if exists(value)]
        if values:
            variables[variable] = SEPARATORS.get(option, "").join(values)
    if proxy := settings.get("proxy"):
        variables.update({"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy})
    if "UV_INDEX" in variables:
        # pip looks at every index for the best version; the hashes of the lock files make that safe.
        variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    if variables.get("UV_KEYRING_PROVIDER") not in (None, "subprocess", "disabled"):
        del variables["UV_KEYRING_PROVIDER"]  # 'auto' and 'import' are pip's only
    return variables


def exports(settings: dict[str, str], environment: dict[str, str]) -> str:
    """`export` lines for a shell; what the user set for uv itself stays."""
    chosen = {name: value for name, value in uv_variables(settings).items() if name not in environment}
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(chosen.items()))


def pip_conf(settings: dict[str, str]) -> str:
    """The settings as a pip.conf; lists stand one value a line, as pip writes them."""
    lines = ["[global]"]
    for option, value in sorted(settings.items()):
        values = words(option, value)
        if values:
            lines.append(f"{option} = " + "\n    ".join(values))
    return "\n".join([*lines, ""])


def pip_config_list() -> str:
    """What `pip config list` says; empty where this pip cannot tell."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


def main() -> int:
    settings = parse(pip_config_list())
    writers = {"uv": lambda: exports(settings, dict(os.environ)), "pip-conf": lambda: pip_conf(settings)}
    if len(sys.argv) != 2 or sys.argv[1] not in writers:
        print(f"usage: pip_settings.py {{{'|'.join(writers)}}}", file=sys.stderr)
        return 2
    sys.stdout.write(writers[sys.argv[1]]())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
