# Mounts what a task is given beside its sandbox, inside the task's own mount namespace and while
# the privileges for it are still there. What is mounted is the file that was asked for: a name that
# leads elsewhere by now is refused.
#
# usage: mount.sh COUNT [MODE SOURCE TARGET]... COMMAND...      MODE is `ro` or `rw`
count=$1
shift
while [ "$count" -gt 0 ]; do
  exec 5<"$2" || exit 125
  if [ "$(readlink /proc/$$/fd/5)" != "$2" ]; then
    echo "$2 is not where it was" >&2
    exit 125
  fi
  mount -c --bind /proc/self/fd/5 "$3" &&
    mount -c -o "remount,bind,nosuid,nodev,$1" "$3" || exit 125
  exec 5<&-
  shift 3
  count=$((count - 1))
done
exec "$@" 9<&-
