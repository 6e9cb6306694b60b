#!/usr/bin/env bash
# Install everything for development and run every test this machine can run. More arguments go to pytest:
#   ./check.sh                  all: lint, types, the suite on PostgreSQL and on SQLite, the browser journeys
#   ./check.sh tests/orders     only these, on SQLite
# Without Chromium or PostgreSQL their suites are skipped with a loud line; with CI=true that is a failure.
set -euo pipefail
cd "$(dirname "$0")"
tools/setup.sh dev
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
unset PYTHONDONTWRITEBYTECODE
python=.venv/bin/python
[ $# -gt 0 ] && exec "$python" -m pytest "$@"

failed=0
# Compiled once while the other core checks types: tests with a time limit must not meet the compiler.
"$python" -m marketplace.matching.decomposition &
compiling=$!
.venv/bin/ruff check . || failed=1
.venv/bin/ruff format --check -q . || failed=1
.venv/bin/mypy || failed=1
"$python" tools/translations.py check || failed=1
wait "$compiling" || failed=1

folder=$(mktemp -d /tmp/tripool-pg.XXXXXX)
trap 'tools/postgres.sh stop "$folder" 2>/dev/null || true; kill ${sqlite:-} 2>/dev/null || true; rm -rf "$folder" "$folder".*' EXIT
# Each suite keeps one core busy, so SQLite is tried beside PostgreSQL, and each is followed by a part of the browser's stories.
pages=tests/browser/test_pages.py
{
    answer=0
    "$python" -m pytest -m "not browser" || answer=1
    echo "== The pages in a browser"
    "$python" -m pytest -m browser "$pages" || answer=1
    exit $answer
} >"$folder.sqlite" 2>&1 &
sqlite=$!
if url=$(tools/postgres.sh start "$folder"); then
    echo "== The suite on PostgreSQL"
    # The engine and the source's rules know no database (migrations do), and one language of the demo city is enough here.
    TEST_DATABASE_URL=$url "$python" -m pytest -m "not browser" --ignore=tests/matching \
        --ignore-glob='tests/architecture/test_[!m]*' \
        -k "not (no_link_leads_nowhere and en-)" || failed=1
elif [ "${CI:-}" = true ]; then
    echo "FAILED: CI needs PostgreSQL (apt-get install postgresql)" >&2
    failed=1
else
    echo "SKIPPED: no PostgreSQL server here, so the suite runs on SQLite only" >&2
fi
echo "== The stories in a browser"
"$python" -m pytest -m browser tests/browser --ignore="$pages" || failed=1
echo "== The suite on SQLite"
wait "$sqlite" || failed=1
cat "$folder.sqlite"
exit $failed
