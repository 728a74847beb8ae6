# Mounts what a task is given beside its sandbox, inside the task's own mount namespace and while
# the privileges for it are still there. What is mounted is the file that was asked for, at the place
# that was asked for: a name that leads elsewhere by now is refused. Both are held open meanwhile, so
# nobody can swap them for a link and have the programs of this machine mounted over.
#
# usage: mount.sh COUNT [MODE SOURCE TARGET]... COMMAND...      MODE is `ro` or `rw`
count=$1
shift

still() {
  if [ "$(readlink "/proc/$$/fd/$1")" != "$2" ]; then
    echo "$2 is not where it was" >&2
    exit 125
  fi
}

# Whether what file descriptor 6 lies in forbids programs, which must stay so.
forbids_programs() {
  while read -r key value; do
    if [ "$key" = mnt_id: ]; then
      break
    fi
  done <"/proc/$$/fdinfo/6"
  while read -r id _ _ _ _ flags _; do
    if [ "$id" = "$value" ]; then
      case ,$flags, in *,noexec,*) return 0 ;; esac
      return 1
    fi
  done </proc/self/mountinfo
  exit 125
}

while [ "$count" -gt 0 ]; do
  exec 5<"$2" 6<"$3" || exit 125
  still 5 "$2"
  still 6 "$3"
  mount -c --bind /proc/self/fd/5 /proc/self/fd/6 || exit 125
  exec 6<"$3" || exit 125
  still 6 "$3"
  options=nosuid,nodev,$1
  if forbids_programs; then
    options=$options,noexec
  fi
  mount -c -o "remount,bind,$options" none /proc/self/fd/6 || exit 125
  exec 5<&- 6<&-
  shift 3
  count=$((count - 1))
done
exec "$@" 9<&-
