package dev.slipway.bench.scheduling;

import dev.slipway.bench.scheduling.Cell.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// From what a [Cell] is generated. The same workload gives the same cell.
///
/// Ten tasks a host take 80 % of all cpu or memory together; how much stands before the first
/// arrival is said by the [Occupancy]; what arrives then is like what stands there.
///
/// @param hosts how many, up to [#MAX_HOSTS]
/// @param types of machines: 1, 8 or 60
/// @param batch tasks that arrive at a time; [#ALL] for all at once
public record Workload(int hosts, int types, Mix mix, Occupancy occupancy, int batch, long seed) {
  public static final int MAX_HOSTS = 20_000;

  /// All tasks as one batch.
  public static final int ALL = Integer.MAX_VALUE;

  private static final int TASKS_A_HOST = 10;
  private static final double LOAD = 0.8;
  private static final double SPARE = 2;

  /// How full the hosts are at first.
  public enum Occupancy {
    EMPTY("empty", 0, 10),
    /// Four fifths of what each host is shortest of are taken.
    EIGHTY("80%", 0.8, 1),
    /// Nearly full; a tenth of the tasks is larger than what any host has left.
    TAIL("95%-tail", 0.95, 0.3),
    /// Nine tenths are taken, and one task leaves for each that comes.
    CHURN("churn", 0.9, 2);

    private final String label;
    private final double taken;
    private final double arrivalsAHost;

    Occupancy(String label, double taken, double arrivalsAHost) {
      this.label = label;
      this.taken = taken;
      this.arrivalsAHost = arrivalsAHost;
    }
  }

  public Workload {
    if (hosts < 1 || hosts > MAX_HOSTS || batch < 1) {
      throw new IllegalArgumentException("1 to " + MAX_HOSTS + " hosts, not " + hosts);
    }
  }

  /// Of empty hosts, where tasks come one by one.
  public static Workload of(int hosts, int types, Mix mix) {
    return new Workload(hosts, types, mix, Occupancy.EMPTY, 1, 1);
  }

  public Workload with(Occupancy other) {
    return new Workload(hosts, types, mix, other, batch, seed);
  }

  public Workload inBatchesOf(int other) {
    return new Workload(hosts, types, mix, occupancy, other, seed);
  }

  public String name() {
    String arrival = batch == 1 ? "single" : batch == ALL ? "all" : "batch" + batch;
    return "%dx%d-%s-%s-%s".formatted(hosts, types, mix.name(), occupancy.label, arrival);
  }

  public Cell generate() {
    var random = new Random(seed);
    List<Host> machines = Machines.generate(hosts, MachineType.of(types), mix, random);
    int arrivals = (int) Math.round(hosts * occupancy.arrivalsAHost);
    List<Standing> before = new ArrayList<>();
    List<Task> coming;
    if (occupancy == Occupancy.EMPTY) {
      coming = new Apps(machines, mix, random).generate(arrivals, LOAD);
    } else {
      // Large ones find no host on nearly full ones, so that more are drawn than stand there then.
      int drawn = (int) Math.round(tasksFor(occupancy.taken) * SPARE);
      double load = occupancy.taken * SPARE;
      List<Task> tasks = new Apps(machines, mix, random).generate(drawn, load);
      Filling.fill(machines, tasks, occupancy.taken, before, random);
      coming = new ArrayList<>();
      while (coming.size() < arrivals) {
        coming.add(before.get(random.nextInt(before.size())).task());
      }
    }
    if (occupancy == Occupancy.TAIL) {
      addTail(machines, coming, random);
    }
    List<Task> arriving = Apps.numbered(coming, before.size());
    return new Cell(name(), machines, before, arriving, leaving(before, arriving, random), batch);
  }

  /// How many tasks take a share of the hosts.
  private double tasksFor(double taken) {
    return hosts * TASKS_A_HOST * taken / LOAD;
  }

  /// Tasks that fit on empty hosts only, one to nine of the others.
  private static void addTail(List<Host> hosts, List<Task> tasks, Random random) {
    Host largest = hosts.getFirst();
    for (Host host : hosts) {
      if (host.dedicated().isEmpty() && host.capacity().of(0) > largest.capacity().of(0)) {
        largest = host;
      }
    }
    int tail = tasks.size() / 9;
    for (int i = 0; i < tail; i++) {
      long percent = 90L + i % 4;
      var request =
          new Amounts(
              largest.capacity().of(0) * percent / 100,
              largest.capacity().of(1) * percent / 100,
              0);
      Task like = tasks.getFirst();
      tasks.add(
          random.nextInt(tasks.size()),
          new Task(0, "tail-" + i % 4, request, 0, like.gpuModels(), List.of(), List.of()));
    }
  }

  private List<Integer> leaving(List<Standing> before, List<Task> arriving, Random random) {
    List<Integer> leaving = new ArrayList<>();
    if (occupancy == Occupancy.CHURN) {
      List<Integer> standing = new ArrayList<>();
      before.forEach(each -> standing.add(each.task().index()));
      for (Task task : arriving) {
        int lot = random.nextInt(standing.size());
        leaving.add(standing.get(lot));
        standing.set(lot, task.index());
      }
    }
    return leaving;
  }
}
