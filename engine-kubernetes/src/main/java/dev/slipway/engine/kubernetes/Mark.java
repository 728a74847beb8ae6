package dev.slipway.engine.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Marks the processes of one session by a variable, so that they are found and ended when the
/// session is left. The API cannot end them, and does not tell their ids.
///
/// @param id what no other session has
record Mark(String id) {
  /// A shell before the command, which decodes its input line by line up to a dot. It waits for the
  /// command alone: the loop ends with the connection.
  private static final String PIPED =
      """
      export SLIPWAY_EXEC="$0"
      exec 3<&0
      {
        while read -r line <&3 && [ "$line" != . ]; do
          printf '%s' "$line" | base64 -d
        done 2>/dev/null &
      } | { exec 3<&-; exec "$@"; }
      """;

  private static final String TERMINAL = "export SLIPWAY_EXEC=\"$0\"; exec \"$@\"";

  private static final String END =
      """
      for signal in HUP KILL; do
        found=
        for process in /proc/[0-9]*; do
          if tr '\\0' '\\n' <"$process/environ" | grep -qxF "SLIPWAY_EXEC=$0"; then
            kill -s $signal "${process#/proc/}"
            found=yes
          fi
        done
        [ -n "$found" ] || exit 0
        sleep 1
      done
      """;

  static Mark next() {
    return new Mark(UUID.randomUUID().toString());
  }

  List<String> over(List<String> argv, boolean terminal) {
    List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", terminal ? TERMINAL : PIPED, id));
    words.addAll(argv);
    return words;
  }

  /// What ends all processes of the session: first by SIGHUP, as the end of a terminal does.
  List<String> ending() {
    return List.of("/bin/sh", "-c", END, id);
  }
}
