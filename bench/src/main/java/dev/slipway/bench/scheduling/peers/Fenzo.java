package dev.slipway.bench.scheduling.peers;

import com.netflix.fenzo.SchedulingResult;
import com.netflix.fenzo.TaskAssignmentResult;
import com.netflix.fenzo.TaskScheduler;
import com.netflix.fenzo.VMAssignmentResult;
import com.netflix.fenzo.VirtualMachineLease;
import com.netflix.fenzo.plugins.BinPackingFitnessCalculators;
import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Netflix's Fenzo 1.0.1 as its users run it: it is given what hosts offer, told what was launched,
/// and offered again what is left of a host whose offer it used. It looks at hosts on all cores.
///
/// Ports that are asked for by number, and devices, are rules here, since it knows neither.
public final class Fenzo implements Policy, AutoCloseable {
  /// Kept, so that the level is not forgotten.
  private static final Logger LOGGER = Logger.getLogger("com.netflix.fenzo");

  private static final long NEVER_SECONDS = 1_000_000_000L;

  private final String name;
  private final double goodEnough;
  private final Map<String, FenzoHost> hosts = new LinkedHashMap<>();
  private List<VirtualMachineLease> offers = new ArrayList<>();
  private List<FenzoHost> byIndex = List.of();
  private FenzoRules rules = new FenzoRules(hosts);
  private @Nullable TaskScheduler scheduler;
  private long leases;

  /// @param goodEnough the fitness (0 to 1) at which it stops looking at further hosts
  Fenzo(String name, double goodEnough) {
    this.name = name;
    this.goodEnough = goodEnough;
    LOGGER.setLevel(Level.WARNING);
  }

  @Override
  public String name() {
    return name;
  }

  /// Its plugin for spreading counts on values where there is no room, too.
  @Override
  public boolean exact() {
    return false;
  }

  @Override
  public void start(List<Host> all, List<Task> expected) {
    close();
    hosts.clear();
    all.forEach(host -> hosts.put(host.name(), new FenzoHost(host)));
    byIndex = List.copyOf(hosts.values());
    rules = new FenzoRules(hosts);
    offers = new ArrayList<>();
    scheduler =
        new TaskScheduler.Builder()
            .withFitnessCalculator(BinPackingFitnessCalculators.cpuMemBinPacker)
            .withFitnessGoodEnoughFunction(fitness -> fitness >= goodEnough)
            .withLeaseOfferExpirySecs(NEVER_SECONDS)
            // Else it looks each unused offer up in a list of all hosts, to see whether it is old.
            .withMaxOffersToReject(0)
            .withLeaseRejectAction(_ -> {})
            .build();
  }

  /// Gives it the offers of all hosts.
  @Override
  public void ready() {
    byIndex.forEach(host -> offer(host, host.free));
    Objects.requireNonNull(scheduler).scheduleOnce(List.of(), offers);
    offers = new ArrayList<>();
  }

  @Override
  public boolean place(Task task, Choice choice) {
    placeAll(List.of(task), List.of(choice));
    return choice.host >= 0;
  }

  @Override
  public void placeAll(List<Task> tasks, List<Choice> choices) {
    TaskScheduler fenzo = Objects.requireNonNull(scheduler);
    List<FenzoTask> requests = new ArrayList<>();
    for (Task task : tasks) {
      choices.get(requests.size()).host = -1;
      rules.tasksOf(task.app()).add(FenzoTask.id(task));
      requests.add(new FenzoTask(task, requests.size(), rules.of(task)));
    }
    List<VirtualMachineLease> given = offers;
    offers = new ArrayList<>();
    SchedulingResult result = fenzo.scheduleOnce(requests, given);
    if (!result.getExceptions().isEmpty()) {
      throw new IllegalStateException(name + ": " + result.getExceptions().getFirst());
    }
    for (VMAssignmentResult each : result.getResultMap().values()) {
      launch(fenzo, each, choices);
    }
    for (FenzoTask request : requests) {
      if (choices.get(request.turn()).host < 0) {
        rules.tasksOf(request.task().app()).remove(request.getId());
      }
    }
  }

  private void launch(TaskScheduler fenzo, VMAssignmentResult result, List<Choice> choices) {
    FenzoHost host = Objects.requireNonNull(hosts.get(result.getHostname()));
    List<FenzoTask> assigned =
        result.getTasksAssigned().stream()
            .map(TaskAssignmentResult::getRequest)
            .map(FenzoTask.class::cast)
            .sorted(Comparator.comparingInt(FenzoTask::turn))
            .toList();
    for (FenzoTask request : assigned) {
      fenzo.getTaskAssigner().call(request, host.host.name());
      host.enter(request.task(), 1);
      Choice choice = choices.get(request.turn());
      choice.host = host.host.index();
      choice.devices = host.takeDevices(request.task());
    }
    offer(host, host.free);
  }

  private void offer(FenzoHost host, long[] amounts) {
    offers.add(new FenzoLease("lease-" + leases++, host.host, amounts, host.attributes));
  }

  @Override
  public void remove(Task task, Choice choice) {
    FenzoHost host = byIndex.get(choice.host);
    Objects.requireNonNull(scheduler)
        .getTaskUnAssigner()
        .call(FenzoTask.id(task), host.host.name());
    rules.tasksOf(task.app()).remove(FenzoTask.id(task));
    host.enter(task, -1);
    host.enterDevices(task, choice.devices, -1);
    long[] freed = new long[task.request().dimensions()];
    for (int d = 0; d < freed.length; d++) {
      freed[d] = task.request().of(d);
    }
    offer(host, freed);
  }

  @Override
  public boolean adopt(Task task, Choice choice) {
    FenzoHost host = byIndex.get(choice.host);
    rules.tasksOf(task.app()).add(FenzoTask.id(task));
    Objects.requireNonNull(scheduler)
        .getTaskAssigner()
        .call(new FenzoTask(task, 0, rules.of(task)), host.host.name());
    host.enter(task, 1);
    host.enterDevices(task, choice.devices, 1);
    return true;
  }

  @Override
  public void close() {
    if (scheduler != null) {
      scheduler.shutdown();
      scheduler = null;
    }
  }
}
