#!/bin/sh
# Runs one task, outlives the platform, and records how the task ended.
#
# usage: supervise.sh STATE ATTEMPT EXITS NAME LIBRARY FILES OOM COUNT [GROUP]... COMMAND...
#
# This text is constant: what users give comes as arguments and as environment variables, and is
# never evaluated. It is the leader of its own session. Its standard error is STATE/report.
set -u
state=$1 attempt=$2 exits=$3 name=$4 library=$5 files=$6 oom=$7 count=$8
shift 8

# Traps are reset in children, ignored signals would not be.
trap : HUP INT QUIT TERM USR1 USR2 PIPE
umask 077
exec 2>>"$state/report"

# Who runs the task is claimed once: the file must not exist. A process is known by its number, its
# start (the 22nd field of stat, the 20th after the name) and the boot it belongs to.
twentieth() { shift 19 && start=$1; }
read -r stat </proc/self/stat
read -r boot </proc/sys/kernel/random/boot_id
twentieth ${stat##*) }
set -C
{ echo "$$ $start $boot" >"$state/supervisor.$attempt"; } 2>/dev/null || exit 0
set +C

# The child enters the control groups before it becomes the command: nothing can be forked outside.
(
  while [ "$count" -gt 0 ]; do
    echo 0 >"$1/cgroup.procs" || exit 125
    shift
    count=$((count - 1))
  done
  echo "$oom" >/proc/self/oom_score_adj
  ulimit -c 0
  ulimit -n "$files" 2>/dev/null
  umask 022
  exec "$@"
) </dev/null >>"$state/output/stdout" 4>>"$state/output/stderr" \
  7<"$library/cover.sh" 8<"$library/init.sh" 9<"$library/mount.sh"
code=$?

# A full disk may become free again; ten minutes are waited for it.
tries=0
until echo "exit $code" >"$state/exit" &&
  { sync "$state/exit" 2>/dev/null || :; } && mv "$state/exit" "$exits/$name"; do
  tries=$((tries + 1))
  if [ "$tries" -ge 600 ] || [ ! -d "$state" ]; then
    exit 1
  fi
  sleep 1
done
