package dev.slipway.bench.scheduling;

import java.util.List;

/// A way of putting tasks on hosts: ours, a peer's, or a policy built anew from its description.
/// Not for more than one thread.
public interface Policy {
  /// What was decided about one task; filled in anew for each, so that nothing is left to collect.
  final class Choice {
    /// The index of the host.
    public int host;

    /// The devices taken, one bit each.
    public long devices;
  }

  /// As it is told in tables.
  String name();

  /// Begins anew with these hosts, all empty.
  ///
  /// @param expected tasks that are typical of what will come, for policies that look at those
  void start(List<Host> hosts, List<Task> expected);

  /// Puts a task on a host and remembers it there.
  ///
  /// @return whether there is a host for it; only then is `choice` filled in
  boolean place(Task task, Choice choice);

  /// Puts tasks on hosts as one batch, in any order.
  ///
  /// @param choices one a task; `host` is -1 where there is none for it
  default void placeAll(List<Task> tasks, List<Choice> choices) {
    for (int i = 0; i < tasks.size(); i++) {
      if (!place(tasks.get(i), choices.get(i))) {
        choices.get(i).host = -1;
      }
    }
  }

  /// Takes a task away from the host where it was put.
  void remove(Task task, Choice choice);

  /// Remembers a task that stands on a host already, as after a restart. Only between [#start] and
  /// the first [#place].
  ///
  /// @return whether it can do that at all; if not, nothing has happened
  default boolean adopt(Task task, Choice choice) {
    return false;
  }

  /// Told once all that stands already is told, and before time is taken: what is done once and for
  /// all can be done now.
  default void ready() {}

  /// Whether it says no only where nothing fits. Of others a wrong no is told as a miss, not as a
  /// violation.
  default boolean exact() {
    return true;
  }
}
