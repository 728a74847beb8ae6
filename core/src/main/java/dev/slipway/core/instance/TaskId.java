package dev.slipway.core.instance;

/// The id under which an engine runs an instance: `shop_cart.instance-<uuid>._app.1`, as Marathon's
/// since 1.5. Its characters are safe in file names.
public record TaskId(String value) implements Comparable<TaskId> {
  private static final String MARK = "._app.";
  private static final int MAX_DIGITS = 9;

  /// What follows the instance's id, which never runs twice.
  static final String END = MARK + "1";

  public TaskId {
    int mark = value.lastIndexOf(MARK);
    if (mark < 0 || !isNumber(value, mark + MARK.length()) || !InstanceId.isWritten(value, mark)) {
      throw new IllegalArgumentException("'" + value + "' is not a task id");
    }
  }

  private static boolean isNumber(String text, int start) {
    int digits = text.length() - start;
    if (digits < 1 || digits > MAX_DIGITS) {
      return false;
    }
    for (int i = start; i < text.length(); i++) {
      if (!InstanceId.isDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  public InstanceId instance() {
    return new InstanceId(value.substring(0, value.lastIndexOf(MARK)));
  }

  @Override
  public int compareTo(TaskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
