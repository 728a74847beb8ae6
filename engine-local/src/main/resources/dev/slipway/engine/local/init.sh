# The last step before the program, already with the task's account and in its namespaces.
#
# usage: init.sh MODE SANDBOX SETSID ENV VARIABLES OTHERS COMMAND...
#
# MODE is `reap` for process 1 of a namespace, `plain` without one, `beside` for a command that joins
# a running task. Variables come as SLIPWAY_ENV_0.. (`NAME=value`), those whose names the shell does
# not take as SLIPWAY_OTHER_0..: so that no process that still has privileges runs with them, and no
# value stands in a command line. File descriptor 4 is the task's standard error; on 3 is said that
# the program's turn has come, once it was found and may be executed.
SLIPWAY_MODE=$1 SLIPWAY_DIRECTORY=$2 SLIPWAY_SETSID=$3 SLIPWAY_ENV=$4
SLIPWAY_VARIABLES=$5 SLIPWAY_OTHERS=$6
shift 6
cd "$SLIPWAY_DIRECTORY" || exit 125
unset OLDPWD LC_ALL

executable() {
  case $1 in
  */*) [ -f "$1" ] && [ -x "$1" ] ;;
  *) along_path "$1" ;;
  esac
}

# In a subshell, since the program's variables are set by now and IFS may be one of them.
along_path() (
  set -f
  IFS=:
  for SLIPWAY_PART in $PATH; do
    if [ -f "${SLIPWAY_PART:-.}/$1" ] && [ -x "${SLIPWAY_PART:-.}/$1" ]; then
      exit 0
    fi
  done
  exit 1
)

become() {
  SLIPWAY_PROGRAM=$1
  if [ "$SLIPWAY_OTHERS" -gt 0 ]; then
    while [ "$SLIPWAY_OTHERS" -gt 0 ]; do
      SLIPWAY_OTHERS=$((SLIPWAY_OTHERS - 1))
      eval "set -- \"\$SLIPWAY_OTHER_$SLIPWAY_OTHERS\" \"\$@\""
      unset "SLIPWAY_OTHER_$SLIPWAY_OTHERS"
    done
    set -- "$SLIPWAY_ENV" "$@"
  fi
  while [ "$SLIPWAY_VARIABLES" -gt 0 ]; do
    SLIPWAY_VARIABLES=$((SLIPWAY_VARIABLES - 1))
    eval "export \"\$SLIPWAY_ENV_$SLIPWAY_VARIABLES\""
    unset "SLIPWAY_ENV_$SLIPWAY_VARIABLES"
  done
  if [ "$SLIPWAY_MODE" != beside ]; then
    if ! executable "$SLIPWAY_PROGRAM"; then
      if [ -e "$SLIPWAY_PROGRAM" ]; then
        echo "$SLIPWAY_PROGRAM: cannot be executed" >&2
        exit 126
      fi
      echo "$SLIPWAY_PROGRAM: not found" >&2
      exit 127
    fi
    echo started >&3
  fi
  exec 3>&-
  unset SLIPWAY_PROGRAM
  exec "$SLIPWAY_SETSID" "$@"
}

if [ "$SLIPWAY_MODE" != reap ]; then
  exec 3>&2 2>&4 4>&- 7<&- 8<&- 9<&-
  become "$@"
fi

# Process 1 ignores what it does not trap; it must stay until the rest had its time to end. Waiting
# reaps orphans too.
SLIPWAY_STOPPING=
trap SLIPWAY_STOPPING=1 TERM
trap : HUP INT QUIT USR1 USR2 PIPE
(become "$@") 3>&2 2>&4 4>&- 7<&- 8<&- 9<&-
SLIPWAY_CODE=$?
while [ -n "$SLIPWAY_STOPPING" ]; do
  set -- /proc/[0-9]*
  if [ $# -le 1 ]; then
    break
  fi
  sleep 0.1
done
exit "$SLIPWAY_CODE"
