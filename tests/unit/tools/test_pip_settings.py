"""pip's settings as uv and a pip.conf of ansible-test get them."""

from __future__ import annotations

from pathlib import Path

from tools.pip_settings import exports, parse, pip_conf, uv_variables

LISTING = """\
:env:.index-url='https://mirror.example/simple'
global.cert='/etc/ssl/company ca.pem'
global.extra-index-url='https://a.example/simple\\nhttps://b.example/simple'
global.index-url='https://elsewhere.example/simple'
global.timeout='60'
install.timeout='90'
download.timeout='1'
"""


def test_the_environment_wins_over_the_files() -> None:
    assert parse(LISTING)["index-url"] == "https://mirror.example/simple"


def test_the_section_of_install_wins_over_the_global_one() -> None:
    assert parse(LISTING)["timeout"] == "90"


def test_uv_gets_what_it_knows_by_its_own_names() -> None:
    assert uv_variables(parse(LISTING)) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX": "https://a.example/simple https://b.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_HTTP_TIMEOUT": "90",
        "SSL_CERT_FILE": "/etc/ssl/company ca.pem",
    }


def test_folders_of_wheels_that_are_missing_are_left_out(tmp_path: Path) -> None:
    assert uv_variables({"find-links": f"{tmp_path} {tmp_path / 'missing'}"}) == {"UV_FIND_LINKS": str(tmp_path)}


def test_a_proxy_is_one_for_both_schemes() -> None:
    expected = {"HTTP_PROXY": "http://proxy.example:3128", "HTTPS_PROXY": "http://proxy.example:3128"}
    assert uv_variables({"proxy": "http://proxy.example:3128"}) == expected


def test_without_settings_nothing_is_exported() -> None:
    assert exports({}, {}) == ""


def test_what_the_user_set_for_uv_stays() -> None:
    assert exports({"index-url": "https://mirror.example"}, {"UV_DEFAULT_INDEX": "https://own.example"}) == ""


def test_exports_are_safe_for_a_shell() -> None:
    assert exports({"cert": "/a b/$(c).pem"}, {}) == "export SSL_CERT_FILE='/a b/$(c).pem'\n"


def test_pip_conf_holds_lists_one_value_a_line() -> None:
    text = pip_conf({"cert": "/etc/company ca.pem", "trusted-host": "a.example b.example"})
    assert text == "[global]\ncert = /etc/company ca.pem\ntrusted-host = a.example\n    b.example\n"
