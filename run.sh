#!/usr/bin/env bash
# Install, make the demo city, and serve it with its worker. Ctrl-C stops both.
#   ./run.sh [--port N] [--no-serve] [--fresh]
# --no-serve  stops after the database is ready        --fresh  throws the demo database away and makes it anew
set -euo pipefail
cd "$(dirname "$0")"
port=8000 serve=yes fresh=no
while [ $# -gt 0 ]; do
    case $1 in
        --port) port=${2:?--port needs a number}; shift ;;
        --port=*) port=${1#--port=} ;;
        --no-serve) serve=no ;;
        --fresh) fresh=yes ;;
        -h | --help) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) echo "run.sh: unknown option '$1' (try --help)" >&2; exit 2 ;;
    esac
    shift
done
case $port in '' | *[!0-9]*) echo "run.sh: --port needs a number, not '$port'" >&2; exit 2 ;; esac
tools/setup.sh run

export TRIPOOL_INSTANCE=${TRIPOOL_INSTANCE:-$PWD/instance} TRIPOOL_DEMO=1 TRIPOOL_BASE_URL="http://127.0.0.1:$port"
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
unset PYTHONDONTWRITEBYTECODE
flask=(.venv/bin/python -m flask --app wsgi)
ready=$TRIPOOL_INSTANCE/.ready
schema=$(cat migrations/versions/*.py | sha256sum | cut -c1-64)
[ "$fresh" = yes ] && rm -rf "$TRIPOOL_INSTANCE"
if [ "$(cat "$ready" 2>/dev/null || true)" != "$schema" ]; then
    mkdir -p "$TRIPOOL_INSTANCE"
    # A database that an earlier version made is brought up to date and keeps what is in it.
    if [ -e "$ready" ]; then "${flask[@]}" setup; else "${flask[@]}" setup --demo; fi
    echo "$schema" > "$ready"
fi
cat "$TRIPOOL_INSTANCE/demo-accounts.txt" 2>/dev/null || true
[ "$serve" = yes ] || exit 0

if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "run.sh: port $port is in use; choose another with --port N" >&2
    exit 1
fi
answers() {
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
    printf 'GET /health HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$port" >&3
    local line
    read -r -t 20 line <&3 && [[ $line == *" 200 "* ]]
} 2>/dev/null
worker=
.venv/bin/python -m gunicorn --bind "127.0.0.1:$port" --workers 1 --threads 8 --log-level warning \
    --worker-tmp-dir /dev/shm wsgi:app &
web=$!
stop() {
    trap - INT TERM EXIT
    kill -TERM "$web" $worker 2>/dev/null || true
    wait "$web" $worker 2>/dev/null || true
}
trap 'stop; exit 0' INT TERM
trap stop EXIT
until answers; do
    kill -0 "$web" 2>/dev/null || { echo "run.sh: the site did not start" >&2; exit 1; }
    sleep 0.05
done
# The worker comes second: on a small machine the two would only slow each other's start.
"${flask[@]}" jobs work >"$TRIPOOL_INSTANCE/worker.log" 2>&1 &
worker=$!
echo "Tripool 三池 is at http://127.0.0.1:$port (Ctrl-C stops it)"
wait -n "$web" "$worker" || true
