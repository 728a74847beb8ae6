package dev.slipway.core.instance;

import dev.slipway.core.app.PathId;
import java.util.List;
import java.util.UUID;

/// The identity of one slot of an app; never used twice. Written as Marathon writes it:
/// `shop_cart.instance-<uuid>`.
public record InstanceId(String value) implements Comparable<InstanceId> {
  private static final String MARK = ".instance-";
  private static final int UUID_LENGTH = 36;
  private static final int END_LENGTH = MARK.length() + UUID_LENGTH;

  public InstanceId {
    if (!isWritten(value, value.length())) {
      throw new IllegalArgumentException("'" + value + "' is not an instance id");
    }
  }

  public static InstanceId of(PathId app, UUID uuid) {
    return new InstanceId(app.safe() + MARK + uuid);
  }

  /// Whether the first `end` characters of a text are an instance id. Written out, not as a regular
  /// expression, since ids are made for every event.
  static boolean isWritten(String text, int end) {
    int mark = end - END_LENGTH;
    if (mark < 1 || mark > PathId.MAX_LENGTH || !text.startsWith(MARK, mark)) {
      return false;
    }
    for (int i = 0; i < mark; i++) {
      if (!isOfPath(text.charAt(i))) {
        return false;
      }
    }
    return isUuid(text, mark + MARK.length());
  }

  private static boolean isOfPath(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-';
  }

  private static boolean isUuid(String text, int start) {
    for (int i = 0; i < UUID_LENGTH; i++) {
      char c = text.charAt(start + i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : !isDigit(c) && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// The app whose slot this is; `_` never stands in a path, so the id tells it.
  public PathId app() {
    String safe = value.substring(0, value.length() - END_LENGTH);
    return new PathId(List.of(safe.split("_", -1)));
  }

  /// The id of the task that runs for this instance.
  public TaskId task() {
    return new TaskId(value + TaskId.END);
  }

  @Override
  public int compareTo(InstanceId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
