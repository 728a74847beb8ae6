package dev.slipway.core.instance;

import static dev.slipway.core.instance.Condition.*;
import static dev.slipway.core.instance.Trigger.*;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// The one table of what may happen to an instance: from a condition, by a trigger, to a condition.
///
/// A trigger that a condition does not know is ignored: observations may come late, twice or out of
/// order, and a late "started" must not revive what is being ended.
public final class Lifecycle {
  private static final Map<Condition, Map<Trigger, Condition>> TABLE =
      new EnumMap<>(Condition.class);

  static {
    from(SCHEDULED).put(PLACED, PROVISIONED);
    from(SCHEDULED).put(KILL_ORDERED, DROPPED);

    from(PROVISIONED).put(STAGED, STAGING);
    from(PROVISIONED).put(STARTED, RUNNING);
    from(PROVISIONED).put(LOST, UNREACHABLE);
    from(PROVISIONED).put(KILL_ORDERED, KILLING);

    from(STAGING).put(STARTED, RUNNING);
    from(STAGING).put(LOST, UNREACHABLE);
    from(STAGING).put(KILL_ORDERED, KILLING);

    from(RUNNING).put(LOST, UNREACHABLE);
    from(RUNNING).put(KILL_ORDERED, KILLING);

    from(UNREACHABLE).put(STAGED, STAGING);
    from(UNREACHABLE).put(STARTED, RUNNING);
    from(UNREACHABLE).put(WAITED_FOR, UNREACHABLE_INACTIVE);
    from(UNREACHABLE).put(KILL_ORDERED, KILLING);

    from(UNREACHABLE_INACTIVE).put(STAGED, STAGING);
    from(UNREACHABLE_INACTIVE).put(STARTED, RUNNING);
    from(UNREACHABLE_INACTIVE).put(KILL_ORDERED, KILLING);

    for (Condition known :
        new Condition[] {PROVISIONED, STAGING, RUNNING, UNREACHABLE, UNREACHABLE_INACTIVE}) {
      from(known).put(EXITED_WELL, FINISHED);
      from(known).put(EXITED_BADLY, FAILED);
      from(known).put(ENDED_AS_ORDERED, KILLED);
      from(known).put(VANISHED, GONE);
    }
    // However a task ends that was told to end, it ended as ordered: its exit code is SIGTERM's
    // doing.
    from(KILLING).put(EXITED_WELL, KILLED);
    from(KILLING).put(EXITED_BADLY, KILLED);
    from(KILLING).put(ENDED_AS_ORDERED, KILLED);
    from(KILLING).put(VANISHED, KILLED);
  }

  private Lifecycle() {}

  /// Where `trigger` leads from `condition`, or nothing if it changes nothing there.
  public static Optional<Condition> next(Condition condition, Trigger trigger) {
    return Optional.ofNullable(TABLE.getOrDefault(condition, Map.of()).get(trigger));
  }

  /// The table as a Mermaid state diagram, for docs/instances.md.
  public static String diagram() {
    var text = new StringBuilder("stateDiagram-v2\n    [*] --> SCHEDULED\n");
    TABLE.forEach(
        (from, row) ->
            row.forEach(
                (trigger, to) ->
                    text.append("    %s --> %s: %s\n".formatted(from, to, trigger.name()))));
    for (Condition condition : Condition.values()) {
      if (condition.isTerminal()) {
        text.append("    %s --> [*]\n".formatted(condition));
      }
    }
    return text.toString();
  }

  private static Map<Trigger, Condition> from(Condition condition) {
    return TABLE.computeIfAbsent(condition, key -> new EnumMap<>(Trigger.class));
  }
}
