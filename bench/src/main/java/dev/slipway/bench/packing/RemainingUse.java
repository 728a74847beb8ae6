package dev.slipway.bench.packing;

import dev.slipway.bench.packing.TypicalTasks.Typical;
import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How much use a host still is to the tasks that are to come, and a task goes where it takes the
/// least of it. It is what this study found best.
///
/// The use of a host to one typical task is how many of it still fit, as a share of how many fit on
/// an empty host of the best kind; where not even one fits it is less than nothing, by twice what
/// is free all the same, since that is lost. The use is the mean over the typical tasks:
///
///     use = sum of share(k) * (slots(k) / most slots(k) - (slots(k) == 0 ? 2 * free : 0))
///
/// Of what is free only the scarcest dimensions count: the weights of [Scarcity] to the 16th power.
/// With plain weights a host that is full of the one and has much of the other would look bad, and
/// fleets with one scarce dimension needed up to 19 % more machines than with best fit.
///
/// Fragmentation descent sees only whether a task fits, so that two hosts of which one takes a
/// single task more and the other ten are equal to it. This counts them, in all dimensions.
///
/// A host with devices is of use to tasks with devices alone, or those without would use it up.
/// There the use is counted in devices, and the free devices that are too small for a task are lost
/// to it, as in [Fragmentation].
///
/// An empty host is opened when that costs less use than any host with something on it, by 0.8 of
/// the share of a host that a task takes on the mean. With less (0.6 and below), small tasks open
/// too many; with more it becomes best fit by and by.
final class RemainingUse implements Score {
  private static final double OPENING = 0.8;
  private static final double LOST = 2;
  private static final int SHARPNESS = 16;

  /// Of the slots and of the fragments: on hosts with devices both count alike.
  private static final double HALF = 0.5;

  private static final int MAX_REMEMBERED = 1_000_000;

  private record Weighed(Request request, double share, double mostSlots) {}

  private final Map<HostState, Double> known = new HashMap<>();
  private List<Weighed> plain = List.of();
  private List<Weighed> onDevices = List.of();
  private double opening;
  private Scarcity scarcity = new Scarcity(List.of());

  @Override
  public String name() {
    return "remaining-use";
  }

  @Override
  public void start(List<Host> hosts, List<Task> expected) {
    known.clear();
    List<HostState> empty = hosts.stream().map(RemainingUse::empty).distinct().toList();
    List<Weighed> all =
        TypicalTasks.all(expected).all().stream().map(each -> weighed(each, empty)).toList();
    plain = all.stream().filter(each -> each.request().milliGpus() == 0).toList();
    onDevices = all.stream().filter(each -> each.request().milliGpus() > 0).toList();
    double share = plain.stream().mapToDouble(Weighed::share).sum();
    opening =
        share == 0
            ? 0
            : OPENING
                / share
                * plain.stream().mapToDouble(each -> each.share() / each.mostSlots()).sum();
    scarcity = Scarcity.of(hosts, expected).sharpened(SHARPNESS);
  }

  private static HostState empty(Host host) {
    return new Ledger(List.of(host)).state(0);
  }

  private static Weighed weighed(Typical typical, List<HostState> empty) {
    long most = empty.stream().mapToLong(host -> host.slots(typical.request())).max().orElse(1);
    return new Weighed(typical.request(), typical.share(), Math.max(1, most));
  }

  @Override
  public double of(HostState state, Request request, int device) {
    double lost = use(state) - use(state.with(request, device));
    return state.devices() == 0 && state.isEmpty() ? lost + opening : lost;
  }

  private double use(HostState state) {
    Double remembered = known.get(state);
    if (remembered != null) {
      return remembered;
    }
    double use = state.devices() == 0 ? plainUse(state) : useOfDevices(state);
    if (known.size() == MAX_REMEMBERED) {
      known.clear();
    }
    known.put(state, use);
    return use;
  }

  private double plainUse(HostState state) {
    double free = scarcity.free(state);
    double use = 0;
    for (Weighed each : plain) {
      long slots = state.slots(each.request());
      use += each.share() * (slots == 0 ? -LOST * free : slots / each.mostSlots());
    }
    return use;
  }

  /// In thousandths of a device.
  private double useOfDevices(HostState state) {
    int free = state.freeMilliGpus();
    double use = 0;
    for (Weighed each : onDevices) {
      long slots = state.slots(each.request());
      int lost = slots == 0 ? free : state.freeBelow(each.request().perDevice());
      use += each.share() * HALF * (slots * each.request().milliGpus() - lost);
    }
    return use;
  }
}
