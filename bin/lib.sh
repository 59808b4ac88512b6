# What every command here needs before Python can take over: a suitable Python with its venv module.
# Sourced by run, test, manage and .ci/run; the rest of their work is in bin/support/, in Python.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
command_name=${command_name:-bin/$(basename "$0")} # what messages call it
unset PYTHONHOME # it would point the environment's Python at another one's library

fail() {
    printf '%s: %s\n' "$command_name" "$1" >&2
    exit 1
}

# Sets $python to the first Python that is new enough; $PYTHON, when given, is tried first.
find_python() {
    local candidate version older=""
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        command -v "$candidate" >/dev/null || continue
        version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        if [[ $version =~ ^3\.([0-9]+)$ ]] && ((BASH_REMATCH[1] >= 11)); then
            python=$(command -v "$candidate")
            return
        fi
        older=${older:-$version}
    done
    fail "Python 3.11 or newer is needed${older:+ (found only $older)}. On Debian 12: apt-get install -y python3 python3-venv"
}

# Debian ships the venv module apart from Python: install it when allowed to, else name the command.
need_venv_module() {
    [[ -e $root/.venv/installed-runtime ]] && return
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    local package
    package=python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv
    if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
        printf '%s: installing %s ...\n' "$command_name" "$package" >&2
        { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y "$package"; } >/dev/null 2>&1 || true
        "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    fi
    fail "Python's venv module is missing. Install it with: apt-get install -y $package"
}

find_python
need_venv_module
