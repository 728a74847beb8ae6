# Runs a command beside a task: enters its control groups, then becomes the command.
#
# With SLIPWAY_TALKS the command keeps the streams that it is talked to by.
#
# usage: beside.sh LIBRARY COUNT [GROUP]... COMMAND...
library=$1 count=$2
shift 2
while [ "$count" -gt 0 ]; do
  echo 0 >"$1/cgroup.procs" || exit 125
  shift
  count=$((count - 1))
done
ulimit -c 0
umask 022
if [ -n "$SLIPWAY_TALKS" ]; then
  unset SLIPWAY_TALKS
  exec "$@" 4>&2 8<"$library/init.sh"
fi
exec "$@" </dev/null 2>&1 4>&1 8<"$library/init.sh"
