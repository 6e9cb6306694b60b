#!/usr/bin/env bash
# Make .venv and install the locked packages into it: `tools/setup.sh` for running, `tools/setup.sh dev` for testing as well.
# Does nothing when that was done already. Needs python3 (3.11 or newer) with venv; uses uv inside the environment, pip without it.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}
lock=requirements.lock
[ "$kind" = dev ] && lock=requirements-dev.lock
want=$(cat "$lock" tools/setup.sh | sha256sum | cut -c1-64)
dev=$(cat requirements-dev.lock tools/setup.sh | sha256sum | cut -c1-64)
have=$(cat .venv/.stamp 2>/dev/null || true)
if [ "$have" != "$want" ] && [ "$have" != "$dev" ]; then
    python=${PYTHON:-python3}
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "Tripool needs Python 3.11 or newer; '$python' is $("$python" --version 2>&1)." >&2
        exit 1
    }
    echo "Installing packages into .venv …" >&2
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    uv_pin=$(grep -m1 '^uv==' requirements.lock | cut -d' ' -f1)
    if .venv/bin/python -m uv --version >/dev/null 2>&1 || .venv/bin/python -m pip install -q "$uv_pin" 2>/dev/null; then
        .venv/bin/python -m uv pip sync -q --python .venv/bin/python --compile-bytecode --require-hashes "$lock"
    else
        .venv/bin/python -m pip install -q --require-hashes -r "$lock"
    fi
    echo "$want" > .venv/.stamp
fi
# Catalogues are compiled here rather than kept in the repository.
newest=$(find translations -name '*.po' -newer .venv/.translations 2>/dev/null | head -1 || true)
if [ ! -e .venv/.translations ] || [ -n "$newest" ] || ! ls translations/zh_Hans_CN/LC_MESSAGES/*.mo >/dev/null 2>&1; then
    .venv/bin/python tools/translations.py compile
    touch .venv/.translations
fi
