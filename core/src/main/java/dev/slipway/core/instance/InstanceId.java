package dev.slipway.core.instance;

import dev.slipway.core.app.PathId;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/// The identity of one slot of an app; never used twice. Written as Marathon writes it:
/// `shop_cart.instance-<uuid>`.
public record InstanceId(String value) implements Comparable<InstanceId> {
  private static final Pattern FORM =
      Pattern.compile("^[a-z0-9._-]{1,255}\\.instance-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");

  public InstanceId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' is not an instance id");
    }
  }

  public static InstanceId of(PathId app, UUID uuid) {
    return new InstanceId(app.safe() + ".instance-" + uuid);
  }

  /// The app whose slot this is; `_` never stands in a path, so the id tells it.
  public PathId app() {
    String safe = value.substring(0, value.lastIndexOf(".instance-"));
    return new PathId(List.of(safe.split("_", -1)));
  }

  /// The id of the task that runs for this instance.
  public TaskId task() {
    return new TaskId(value + "._app.1");
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
