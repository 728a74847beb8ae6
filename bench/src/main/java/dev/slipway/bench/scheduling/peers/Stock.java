package dev.slipway.bench.scheduling.peers;

import dev.slipway.bench.scheduling.Amounts;
import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Policy.Choice;
import dev.slipway.bench.scheduling.Task;
import dev.slipway.bench.scheduling.Task.Rule;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// What is free on the hosts, and whether a task may stand on one: the ground that all policies
/// built anew share, so that they differ in what they look at and choose, not in how well their
/// books are kept. What many a scheduler counts again for each task is counted as it changes here.
///
/// Not for more than one thread.
final class Stock {
  static final int WHOLE = 1000;

  /// Tasks that may share a [Demand].
  private record Kind(
      String app,
      Amounts request,
      int milliGpus,
      SortedSet<String> gpuModels,
      List<Rule> rules,
      List<Integer> ports) {}

  private final List<Host> hosts;
  private final long[][] free;
  private final int[][] deviceUsed;
  private final Map<String, Attribute> attributes = new HashMap<>();
  private final Map<Integer, long[]> portHolders = new HashMap<>();
  private final Map<String, AppBook> apps = new HashMap<>();
  private final Map<Kind, Demand> kinds = new HashMap<>();
  private @Nullable Demand[] demands = {};
  private @Nullable Task[] known = {};

  /// For each spreading rule of the demand in hand, the most tasks that a value may have so far.
  private int[] ceilings = {};

  Stock(List<Host> hosts) {
    this.hosts = hosts;
    int dimensions = hosts.getFirst().capacity().dimensions();
    free = new long[dimensions][hosts.size()];
    deviceUsed = new int[hosts.size()][];
    for (Host host : hosts) {
      for (int d = 0; d < dimensions; d++) {
        free[d][host.index()] = host.capacity().of(d);
      }
      deviceUsed[host.index()] = new int[host.gpus()];
    }
  }

  List<Host> hosts() {
    return hosts;
  }

  int size() {
    return hosts.size();
  }

  long free(int dimension, int host) {
    return free[dimension][host];
  }

  AppBook app(String name) {
    return apps.computeIfAbsent(name, _ -> new AppBook());
  }

  AppBook.Count count(AppBook app, String attribute) {
    return app.count(
        attribute, name -> attributes.computeIfAbsent(name, each -> Attribute.read(each, hosts)));
  }

  long[] portHolders(int port) {
    return portHolders.computeIfAbsent(
        port, _ -> new long[(hosts.size() + Long.SIZE - 1) / Long.SIZE]);
  }

  /// What a task asks for, made ready once and remembered: found by its number as long as it is the
  /// very same task, else by what makes tasks alike.
  @SuppressWarnings("ReferenceEquality")
  Demand demand(Task task) {
    int index = task.index();
    if (index < known.length && known[index] == task) {
      Demand ready = demands[index];
      if (ready != null) {
        return ready;
      }
    }
    var kind =
        new Kind(
            task.app(),
            task.request(),
            task.milliGpus(),
            task.gpuModels(),
            task.rules(),
            task.ports());
    Demand demand = kinds.get(kind);
    if (demand == null) {
      demand = new Demand(task, this);
      kinds.put(kind, demand);
    }
    if (index >= known.length) {
      known = Arrays.copyOf(known, Math.max(index + 1, 2 * known.length));
      demands = Arrays.copyOf(demands, known.length);
    }
    known[index] = task;
    demands[index] = demand;
    return demand;
  }

  /// To be called before hosts are asked about: finds for each spreading rule the value of fewest
  /// tasks that has a host for one more.
  void prepare(Demand demand) {
    if (ceilings.length < demand.evens.length) {
      ceilings = new int[demand.evens.length];
    }
    for (int i = 0; i < demand.evens.length; i++) {
      Demand.Even even = demand.evens[i];
      ceilings[i] = even.skew() - 1 + least(demand, even.count());
    }
  }

  /// The fewest tasks of a value with a feasible host. There are few values, mostly zones: they are
  /// tried from the one of fewest tasks on.
  private int least(Demand demand, AppBook.Count count) {
    int tried = Integer.MIN_VALUE;
    while (true) {
      int next = Integer.MAX_VALUE;
      for (int tasks : count.byValue) {
        if (tasks > tried && tasks < next) {
          next = tasks;
        }
      }
      if (next == Integer.MAX_VALUE) {
        return tried;
      }
      for (int value = 0; value < count.byValue.length; value++) {
        if (count.byValue[value] == next && hasHost(demand, count.attribute.hostsOf[value])) {
          return next;
        }
      }
      tried = next;
    }
  }

  private boolean hasHost(Demand demand, int[] among) {
    for (int host : among) {
      if (fits(demand, host)) {
        return true;
      }
    }
    return false;
  }

  /// Whether a host could take it, all rules kept.
  boolean isFeasible(Demand demand, int host) {
    if (!fits(demand, host)) {
      return false;
    }
    for (int i = 0; i < demand.evens.length; i++) {
      if (demand.evens[i].count().at(host) > ceilings[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean fits(Demand demand, int host) {
    if ((demand.eligible[host >> 6] >> host & 1) == 0) {
      return false;
    }
    for (int d = 0; d < free.length; d++) {
      if (free[d][host] < demand.request[d]) {
        return false;
      }
    }
    for (long[] holders : demand.ports) {
      if ((holders[host >> 6] >> host & 1) == 1) {
        return false;
      }
    }
    return hasDevices(demand, host) && keepsRules(demand, host);
  }

  private boolean hasDevices(Demand demand, int host) {
    int wanted = demand.devices;
    for (int used : deviceUsed[host]) {
      if (wanted == 0) {
        return true;
      }
      if (used + demand.share <= WHOLE) {
        wanted--;
      }
    }
    return wanted == 0;
  }

  private static boolean keepsRules(Demand demand, int host) {
    for (Demand.Limit limit : demand.limits) {
      if (limit.count().at(host) >= limit.most()) {
        return false;
      }
    }
    for (Demand.Near near : demand.nears) {
      boolean isThere = near.count().at(host) > 0;
      boolean isFree = near.wanted() && near.app().total() == 0;
      if (isThere != near.wanted() && !isFree) {
        return false;
      }
    }
    return true;
  }

  /// Puts it there, on the devices that are used the most already.
  void take(Demand demand, int host, Choice choice) {
    choice.host = host;
    choice.devices = 0;
    for (int wanted = demand.devices; wanted > 0; wanted--) {
      choice.devices |= 1L << tightest(deviceUsed[host], demand.share, choice.devices);
    }
    enter(demand, choice, 1);
  }

  private static int tightest(int[] used, int share, long taken) {
    int best = -1;
    for (int g = 0; g < used.length; g++) {
      boolean isFree = used[g] + share <= WHOLE && (taken >> g & 1) == 0;
      if (isFree && (best < 0 || used[g] > used[best])) {
        best = g;
      }
    }
    return best;
  }

  /// Puts it where it stands already (1), or takes it away (-1).
  void enter(Demand demand, Choice choice, int sign) {
    int host = choice.host;
    for (int d = 0; d < free.length; d++) {
      free[d][host] -= sign * demand.request[d];
    }
    for (long[] holders : demand.ports) {
      holders[host >> 6] ^= 1L << host;
    }
    for (long left = choice.devices; left != 0; left &= left - 1) {
      deviceUsed[host][Long.numberOfTrailingZeros(left)] += sign * demand.share;
    }
    if (sign > 0) {
      demand.app.add(host);
    } else {
      demand.app.remove(host);
    }
  }
}
