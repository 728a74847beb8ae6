package dev.slipway.bench.scheduling;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Something to be put on a host.
///
/// @param index its place in the workload's list of tasks
/// @param app the app whose instance it is; rules speak of other tasks of it
/// @param request how much it takes of each dimension
/// @param milliGpus 0; up to 999 for a share of one device; or whole devices, 1000 for each
/// @param gpuModels the models that it runs on; any when empty
/// @param ports host ports that it needs, and nobody else on the host may have
public record Task(
    int index,
    String app,
    Amounts request,
    int milliGpus,
    SortedSet<String> gpuModels,
    List<Rule> rules,
    List<Integer> ports) {
  public Task {
    gpuModels = Collections.unmodifiableSortedSet(new TreeSet<>(gpuModels));
    rules = List.copyOf(rules);
    ports = List.copyOf(ports);
  }

  /// Where a task may stand.
  public sealed interface Rule {
    /// Only on hosts whose attribute has this value. Asking for a dedicated attribute lets a task
    /// on the hosts that are dedicated by it.
    record Attribute(String name, String value) implements Rule {}

    /// Of the values of the attribute on hosts that could take the task but for this rule, none may
    /// have so many tasks of the app that it exceeds another by more than `skew`. Of a task with
    /// several such rules, all are left out of "could take".
    record Spread(String attribute, int skew) implements Rule {}

    /// At most so many tasks of the app on hosts of one value; `hostname` is the host itself.
    record AtMost(String attribute, int count) implements Rule {}

    /// Not where tasks of another app are, by an attribute; `hostname` is the host itself. It holds
    /// for tasks that come later, not for those of the other app.
    record Apart(String app, String attribute) implements Rule {}

    /// Only where a task of another app is, by an attribute; anywhere while there is none.
    record Together(String app, String attribute) implements Rule {}
  }
}
