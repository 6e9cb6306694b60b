#!/usr/bin/env bash
# A throwaway PostgreSQL server for tests, on a socket only: `tools/postgres.sh start DIR` prints its address, `stop DIR` ends it.
set -euo pipefail
case ${1:-} in start | stop) ;; *) sed -n '2s/^# //p' "$0" >&2; exit 2 ;; esac
folder=${2:?name a folder}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb 2>/dev/null || true)")
[ -x "$bin/initdb" ] || { echo "no PostgreSQL server is installed" >&2; exit 3; }
# The server refuses to run as root, so root hands over to the account that Debian's package makes.
as() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$*"; else sh -c "$*"; fi; }
if [ "$1" = stop ]; then
    as "$bin/pg_ctl -D $folder/data -m immediate stop" >/dev/null
    exit 0
fi
mkdir -p "$folder"
[ "$(id -u)" = 0 ] && chown postgres "$folder" && chmod 755 "$folder"
as "$bin/initdb -D $folder/data -A trust -U app --no-sync -E UTF8 --locale=C.UTF-8" >"$folder.log" 2>&1
as "$bin/pg_ctl -D $folder/data -w -l $folder/log -o '-c listen_addresses= -c unix_socket_directories=$folder -c fsync=off -c full_page_writes=off -c max_connections=300' start" >>"$folder.log" 2>&1
as "$bin/createdb -h $folder -U app tripool_test" >>"$folder.log" 2>&1
echo "postgresql+psycopg://app@/tripool_test?host=$folder"
