# Makes the sandbox reachable for the task's account where a directory above it is closed to others:
# inside the task's own mount namespace an empty directory covers the closed one, and only what the
# task may see is put back. The command that follows goes on with the same privileges.
#
# usage: cover.sh SANDBOX JAVA COUNT [COVERED]... COMMAND...      JAVA may be empty
sandbox=$1 java=$2 count=$3
shift 3
exec 5<"$sandbox" 6<"${java:-/}" || exit 125
while [ "$count" -gt 0 ]; do
  mount -t tmpfs -o mode=0755,size=1m,nosuid,nodev slipway "$1" || exit 125
  shift
  count=$((count - 1))
done
mkdir -p "$sandbox" && mount -c --rbind /proc/self/fd/5 "$sandbox" || exit 125
if [ -n "$java" ]; then
  mkdir -p "$java" && mount -c --bind /proc/self/fd/6 "$java" || exit 125
fi
exec "$@" 5<&- 6<&- 7<&-
