package dev.slipway.bench.scheduling;

import dev.slipway.bench.scheduling.Task.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/// The tasks of a cell, app by app, so large that all of them take a given part of the hosts.
final class Apps {
  private static final int SMALLEST = 10;
  private static final int LARGEST = 90;
  private static final int FIRST_PORT = 8_000;
  private static final int PORTS = 40;

  /// Cores before scaling, and of ten tasks how many take so much.
  private static final double[] CORES = {0.25, 0.25, 0.5, 0.5, 0.5, 1, 1, 2, 2, 4};

  /// GiB for each core, likewise.
  private static final int[] MEMORY = {2, 2, 2, 4, 4, 4, 4, 4, 8, 8};

  private static final long DISK_A_CORE = 4 * 1024;
  private static final long CPU_STEP = 50;
  private static final long MEMORY_STEP = 64;

  /// What one app asks for, before scaling.
  private record App(
      String name, int tasks, double cores, int memory, int milliGpus, Extras extras) {}

  private record Extras(TreeSet<String> gpuModels, List<Rule> rules, List<Integer> ports) {
    Extras {
      rules = List.copyOf(rules);
      ports = List.copyOf(ports);
    }
  }

  private final List<Host> hosts;
  private final Mix mix;
  private final Random random;

  Apps(List<Host> hosts, Mix mix, Random random) {
    this.hosts = hosts;
    this.mix = mix;
    this.random = random;
  }

  /// @param count how many tasks, in the order of their arrival
  /// @param load the share of all cpu, or of all memory, that they take together
  List<Task> generate(int count, double load) {
    List<App> apps = new ArrayList<>();
    int made = 0;
    while (made < count) {
      int size = mix.sizes() ? random.nextInt(SMALLEST, LARGEST + 1) : count;
      apps.add(app(apps.size(), Math.min(size, count - made)));
      made += size;
    }
    double cores = apps.stream().mapToDouble(app -> app.tasks() * app.cores()).sum();
    double memory =
        apps.stream().mapToDouble(app -> app.tasks() * app.cores() * app.memory()).sum();
    double cpuScale = load * capacity(0) / cores;
    double memoryScale = load * capacity(1) / memory;
    List<Task> tasks = new ArrayList<>();
    for (App app : apps) {
      var request =
          new Amounts(
              step(app.cores() * cpuScale, CPU_STEP),
              step(app.cores() * app.memory() * memoryScale, MEMORY_STEP),
              (long) (app.cores() * DISK_A_CORE));
      for (int i = 0; i < app.tasks(); i++) {
        tasks.add(task(app, request));
      }
    }
    Collections.shuffle(tasks, random);
    return numbered(tasks, 0);
  }

  /// The same tasks with numbers from `first` on.
  static List<Task> numbered(List<Task> tasks, int first) {
    List<Task> numbered = new ArrayList<>();
    for (Task task : tasks) {
      numbered.add(
          new Task(
              first + numbered.size(),
              task.app(),
              task.request(),
              task.milliGpus(),
              task.gpuModels(),
              task.rules(),
              task.ports()));
    }
    return numbered;
  }

  /// Rounded down, so that the load is kept.
  private static long step(double amount, long step) {
    return Math.max(step, (long) Math.floor(amount / step) * step);
  }

  private double capacity(int dimension) {
    return hosts.stream().mapToLong(host -> host.capacity().of(dimension)).sum();
  }

  private static Task task(App app, Amounts request) {
    Extras extras = app.extras();
    return new Task(
        0,
        app.name(),
        request,
        app.milliGpus(),
        extras.gpuModels(),
        extras.rules(),
        extras.ports());
  }

  private App app(int number, int tasks) {
    List<Rule> rules = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    var models = new TreeSet<String>();
    int milliGpus = 0;
    // The pool and the devices partition the hosts; all else is drawn for itself.
    double lot = random.nextDouble();
    if (lot < mix.gpus()) {
      rules.add(new Rule.Attribute(Machines.GPU, "yes"));
      milliGpus = milliGpus();
      if (random.nextInt(4) == 0) {
        models.add(pick(Machines.GPU_MODELS));
      }
    } else if (lot < mix.gpus() + mix.pools()) {
      rules.add(new Rule.Attribute(Machines.POOL, pick(Machines.POOLS)));
    }
    if (random.nextDouble() < mix.labels()) {
      rules.add(label());
    }
    if (random.nextDouble() < mix.spread()) {
      rules.add(new Rule.Spread(Machines.ZONE, 1));
    }
    if (random.nextDouble() < mix.alone()) {
      rules.add(new Rule.AtMost(Referee.HOSTNAME, 1));
    }
    if (number > 0 && random.nextDouble() < mix.affinity()) {
      String other = name(random.nextInt(number));
      rules.add(
          random.nextBoolean()
              ? new Rule.Together(other, Machines.ZONE)
              : new Rule.Apart(other, Referee.HOSTNAME));
    }
    if (random.nextDouble() < mix.ports()) {
      ports.add(FIRST_PORT + random.nextInt(PORTS));
    }
    double cores = mix.sizes() ? CORES[random.nextInt(CORES.length)] : 1;
    int memory = mix.sizes() ? MEMORY[random.nextInt(MEMORY.length)] : 4;
    return new App(name(number), tasks, cores, memory, milliGpus, new Extras(models, rules, ports));
  }

  private static String name(int number) {
    return "app-" + number;
  }

  /// Two thirds take a share, the others whole devices; 0.6 of one on average, for 0.8 there are.
  private int milliGpus() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> 200;
      case 2 -> 300;
      case 3 -> 400;
      case 4 -> 1000;
      default -> random.nextInt(4) == 0 ? 4000 : 1000;
    };
  }

  /// As often as there are hosts for it, so that no kind of host is asked for beyond what it has.
  private Rule label() {
    return switch (random.nextInt(3)) {
      case 0 -> {
        long arm =
            hosts.stream()
                .filter(host -> "arm64".equals(host.attributes().get(Machines.ARCHITECTURE)))
                .count();
        boolean isArm = random.nextInt(hosts.size()) < arm;
        yield new Rule.Attribute(Machines.ARCHITECTURE, isArm ? "arm64" : "amd64");
      }
      case 1 ->
          new Rule.Attribute(Machines.DISK, random.nextInt(10) < Machines.WITH_SSD ? "ssd" : "hdd");
      default -> new Rule.Attribute(Machines.ZONE, pick(Machines.ZONES));
    };
  }

  private String pick(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
