package dev.slipway.core.instance;

import java.util.regex.Pattern;

/// The id under which an engine runs an instance: `shop_cart.instance-<uuid>._app.1`, as Marathon's
/// since 1.5. Its characters are safe in file names.
public record TaskId(String value) implements Comparable<TaskId> {
  private static final Pattern FORM =
      Pattern.compile("^([a-z0-9._-]{1,255}\\.instance-[0-9a-f-]{36})\\._app\\.[0-9]{1,9}$");

  public TaskId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' is not a task id");
    }
  }

  public InstanceId instance() {
    return new InstanceId(value.substring(0, value.lastIndexOf("._app.")));
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
