# Sourced by the scripts beside it, in the checkout's root: what every command of the checkout needs around it.
# shellcheck shell=sh

ROOT=$(pwd)
PATH=$ROOT/.venv/bin:$PATH
ANSIBLE_CONFIG=$ROOT/ansible.cfg
# ansible refuses a locale that is not UTF-8.
case $(locale charmap 2>/dev/null) in UTF-8 | utf8) ;; *) LC_ALL=C.UTF-8 && export LC_ALL ;; esac
# A company's proxy is for the world outside; the local cloud listens on this machine.
NO_PROXY=127.0.0.1,localhost${NO_PROXY:+,$NO_PROXY}
no_proxy=$NO_PROXY
# Nothing here belongs to an AWS profile that the user happens to have.
unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN
export PATH ANSIBLE_CONFIG NO_PROXY no_proxy

LOCAL_CLOUD_PORT=${LOCAL_CLOUD_PORT:-4566}
export LOCAL_CLOUD_PORT

say() { printf '\n== %s\n' "$*"; }

# Runs a command under a headline, tells how long it took, and returns its status.
step() {
    say "$1"
    shift
    step_started=$(date +%s)
    step_status=0
    "$@" || step_status=$?
    printf '   (%s s)\n' "$(($(date +%s) - step_started))"
    return "$step_status"
}

playbook() {
    name=$1
    shift
    ansible-playbook "$name" -i inventories/local "$@"
}

cloud_is_running() {
    python - "http://127.0.0.1:$LOCAL_CLOUD_PORT/_local/health" <<'END'
import sys
import urllib.request

try:
    urllib.request.urlopen(sys.argv[1], timeout=10).close()
except OSError:
    sys.exit(1)
END
}
