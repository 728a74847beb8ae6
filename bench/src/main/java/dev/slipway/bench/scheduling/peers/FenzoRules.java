package dev.slipway.bench.scheduling.peers;

import com.netflix.fenzo.ConstraintEvaluator;
import com.netflix.fenzo.TaskRequest;
import com.netflix.fenzo.TaskTracker;
import com.netflix.fenzo.TaskTrackerState;
import com.netflix.fenzo.VirtualMachineCurrentState;
import com.netflix.fenzo.VirtualMachineLease;
import com.netflix.fenzo.plugins.BalancedHostAttrConstraint;
import com.netflix.fenzo.plugins.HostAttrValueConstraint;
import com.netflix.fenzo.plugins.UniqueHostAttrConstraint;
import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Referee;
import dev.slipway.bench.scheduling.Task;
import dev.slipway.bench.scheduling.Task.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.mesos.Protos;

/// The rules of tasks as Fenzo's constraints: its own plugins where it has one, else evaluators of
/// the kind that its users write.
final class FenzoRules {
  /// The attribute that is the host itself to Fenzo's plugins.
  private static final String ITSELF = "HOSTNAME";

  private static final ConstraintEvaluator.Result YES = new ConstraintEvaluator.Result(true, "");

  private final Map<String, FenzoHost> hosts;
  private final Map<String, Set<String>> tasksOf = new HashMap<>();
  private final Map<String, List<ConstraintEvaluator>> ready = new HashMap<>();

  FenzoRules(Map<String, FenzoHost> hosts) {
    this.hosts = hosts;
  }

  /// The ids of the tasks of an app that are placed or being placed.
  Set<String> tasksOf(String app) {
    return tasksOf.computeIfAbsent(app, _ -> new LinkedHashSet<>());
  }

  /// What holds for a task; all tasks of an app are alike.
  List<ConstraintEvaluator> of(Task task) {
    return ready.computeIfAbsent(task.app(), _ -> translate(task));
  }

  private List<ConstraintEvaluator> translate(Task task) {
    List<ConstraintEvaluator> rules = new ArrayList<>();
    Set<String> asked = new HashSet<>();
    for (Rule rule : task.rules()) {
      if (rule instanceof Rule.Attribute(String name, String _)) {
        asked.add(name);
      }
    }
    if (hosts.values().stream().anyMatch(each -> !each.host.dedicated().isEmpty())) {
      rules.add(rule("dedicated", (_, machine) -> asked.containsAll(machine.host.dedicated())));
    }
    if (!task.ports().isEmpty()) {
      rules.add(
          rule("ports", (vm, machine) -> machine.hasPorts(task, vm.getTasksCurrentlyAssigned())));
    }
    if (task.milliGpus() > 0) {
      rules.add(
          rule(
              "devices",
              (vm, machine) -> machine.hasDevices(task, vm.getTasksCurrentlyAssigned())));
    }
    task.rules().forEach(rule -> rules.add(translate(task, asked, rule)));
    return rules;
  }

  private ConstraintEvaluator translate(Task task, Set<String> asked, Rule rule) {
    // Fetched here: rules are asked by several threads at once, which only may read.
    Set<String> own = tasksOf(task.app());
    return switch (rule) {
      case Rule.Attribute(String name, String wanted) ->
          new HostAttrValueConstraint(attribute(name), _ -> wanted);
      case Rule.Spread(String name, int skew) -> {
        expect(skew == 1, rule);
        yield new BalancedHostAttrConstraint(_ -> own, attribute(name), values(name, task, asked));
      }
      case Rule.AtMost(String name, int most) -> {
        expect(most == 1, rule);
        yield new UniqueHostAttrConstraint(_ -> own, attribute(name));
      }
      case Rule.Apart(String app, String name) -> near(app, name, false);
      case Rule.Together(String app, String name) -> near(app, name, true);
    };
  }

  private static void expect(boolean known, Rule rule) {
    if (!known) {
      throw new IllegalArgumentException("Fenzo has no plugin for " + rule);
    }
  }

  private static String attribute(String name) {
    return name.equals(Referee.HOSTNAME) ? ITSELF : name;
  }

  /// How many values an attribute has on hosts that the labels of a task let it on.
  private int values(String name, Task task, Set<String> asked) {
    return (int)
        hosts.values().stream()
            .map(each -> each.host)
            .filter(host -> asked.containsAll(host.dedicated()) && hasLabels(task, host))
            .map(host -> host.attributes().getOrDefault(name, host.name()))
            .distinct()
            .count();
  }

  private static boolean hasLabels(Task task, Host host) {
    return task.rules().stream()
        .allMatch(
            rule ->
                !(rule instanceof Rule.Attribute(String name, String wanted))
                    || wanted.equals(host.attributes().get(name)));
  }

  /// Written as Fenzo's UniqueHostAttrConstraint is: it goes through the tasks of the other app.
  private ConstraintEvaluator near(String app, String attribute, boolean wanted) {
    Set<String> others = tasksOf(app);
    return new Evaluator(
        "near",
        (vm, tracked) -> {
          String here = value(vm.getCurrAvailableResources(), attribute);
          boolean any = false;
          for (String id : others) {
            TaskTracker.ActiveTask task = tracked.getAllRunningTasks().get(id);
            if (task == null) {
              task = tracked.getAllCurrentlyAssignedTasks().get(id);
            }
            if (task != null) {
              any = true;
              if (here.equals(value(task.getTotalLease(), attribute))) {
                return wanted;
              }
            }
          }
          return !wanted || !any;
        });
  }

  private static String value(VirtualMachineLease lease, String attribute) {
    if (attribute.equals(Referee.HOSTNAME)) {
      return lease.hostname();
    }
    Protos.Attribute value = lease.getAttributeMap().get(attribute);
    return value == null ? "" : value.getText().getValue();
  }

  private interface OfHost {
    boolean allows(VirtualMachineCurrentState vm, FenzoHost machine);
  }

  private interface OfTasks {
    boolean allows(VirtualMachineCurrentState vm, TaskTrackerState tracked);
  }

  private ConstraintEvaluator rule(String name, OfHost rule) {
    return new Evaluator(
        name,
        (vm, _) -> {
          FenzoHost machine = hosts.get(vm.getHostname());
          return machine != null && rule.allows(vm, machine);
        });
  }

  private record Evaluator(String name, OfTasks rule) implements ConstraintEvaluator {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public Result evaluate(
        TaskRequest request, VirtualMachineCurrentState vm, TaskTrackerState tracked) {
      return rule.allows(vm, tracked) ? YES : new Result(false, name);
    }
  }
}
