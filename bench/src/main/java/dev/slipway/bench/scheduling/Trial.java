package dev.slipway.bench.scheduling;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One policy on one [Cell], measured again and again.
///
/// Only the policy's own work is within the measured time: what it decided is written down, and
/// the [Referee] goes through it afterwards. A policy that is too slow for the time given decides
/// about the first tasks only; how many is part of the result.
///
/// Not for more than one thread.
public final class Trial {
  private static final int PILOT = 64;
  private static final int GROWTH = 4;
  private static final int FEWEST = 20;
  private static final int MOST = 10_000_000;
  private static final int LATEST_WARM_UPS = 10;
  private static final int DEADLINE_BUDGETS = 10;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// What one run gave.
  ///
  /// @param measured how many tasks were decided about, the first ones
  /// @param total how many the cell has
  /// @param perSecond decisions in a second of the clock
  /// @param perCore decisions in a second of processor time, that of all threads of the policy:
  /// what one core does, whatever else the machine is busy with
  /// @param median how long a decision took, or a batch, in microseconds; the departure before it
  /// included
  /// @param slow which time 99 % do not exceed, in microseconds
  /// @param garbage bytes allocated by all threads for each decision
  /// @param missed refused though there was a host, by a policy that does not promise to find it
  public record Result(
      int measured,
      int total,
      double perSecond,
      double perCore,
      double median,
      double slow,
      double garbage,
      int unplaced,
      int hostsUsed,
      Map<Violation, Integer> violations,
      int missed) {}

  private final Policy policy;
  private final Cell cell;
  private final Duration budget;
  private final List<Policy.Choice> choices = new ArrayList<>();
  private final Task[] byIndex;
  private final long[] times;
  private int wanted;
  private int measured;
  private int timed;
  private boolean adopted;

  /// @param budget processor time that the decisions of one run may take, about
  public Trial(Policy policy, Cell cell, Duration budget) {
    this.policy = policy;
    this.cell = cell;
    this.budget = budget;
    int all = cell.before().size() + cell.tasks().size();
    byIndex = new Task[all];
    for (int i = 0; i < all; i++) {
      choices.add(new Policy.Choice());
    }
    cell.before().forEach(each -> byIndex[each.task().index()] = each.task());
    cell.tasks().forEach(task -> byIndex[task.index()] = task);
    times = new long[cell.tasks().size()];
  }

  public Policy policy() {
    return policy;
  }

  /// Runs with more and more tasks until so much processor time is used, so that what is measured
  /// is compiled, and settles how many tasks fit into the budget.
  public void warmUp(Duration time) {
    long left = time.toNanos();
    long end = System.nanoTime() + LATEST_WARM_UPS * time.toNanos();
    int count = Math.min(PILOT, cell.tasks().size());
    while (true) {
      prepare();
      Map<Long, Long> before = processorTimes();
      decide(count, end);
      long taken = Math.max(1, processorTime(before));
      left -= taken;
      if (left <= 0 || System.nanoTime() >= end) {
        double fitting = measured * (double) budget.toNanos() / taken;
        wanted = Math.min((int) Math.clamp(fitting, FEWEST, MOST), cell.tasks().size());
        return;
      }
      count = Math.min(GROWTH * count, cell.tasks().size());
    }
  }

  /// Measures once; [#warmUp] has been called.
  public Result run() {
    prepare();
    System.gc();
    Map<Long, Long> before = processorTimes();
    long allocatedBefore = THREADS.getTotalThreadAllocatedBytes();
    long nanos = decide(wanted, System.nanoTime() + DEADLINE_BUDGETS * budget.toNanos());
    long allocated = THREADS.getTotalThreadAllocatedBytes() - allocatedBefore;
    long processor = processorTime(before);
    long[] sorted = Arrays.copyOf(times, timed);
    Arrays.sort(sorted);
    var referee = new Referee(cell.hosts());
    replay(referee);
    return new Result(
        measured,
        cell.tasks().size(),
        measured * 1e9 / Math.max(1, nanos),
        measured * 1e9 / Math.max(1, processor),
        sorted[(sorted.length - 1) / 2] / 1e3,
        sorted[(int) Math.ceil(sorted.length * 0.99) - 1] / 1e3,
        (double) allocated / measured,
        unplaced(),
        referee.hostsUsed(),
        referee.violations(),
        referee.missed());
  }

  private int unplaced() {
    return (int)
        cell.tasks().subList(0, measured).stream()
            .filter(task -> choices.get(task.index()).host < 0)
            .count();
  }

  /// The nanoseconds that each thread of Java's has used.
  private static Map<Long, Long> processorTimes() {
    long[] threads = THREADS.getAllThreadIds();
    long[] used = THREADS.getThreadCpuTime(threads);
    Map<Long, Long> times = new HashMap<>();
    for (int i = 0; i < threads.length; i++) {
      times.put(threads[i], Math.max(0, used[i]));
    }
    return times;
  }

  private static long processorTime(Map<Long, Long> before) {
    long sum = 0;
    for (Map.Entry<Long, Long> each : processorTimes().entrySet()) {
      sum += Math.max(0, each.getValue() - before.getOrDefault(each.getKey(), 0L));
    }
    return sum;
  }

  private void prepare() {
    policy.start(cell.hosts(), cell.tasks());
    adopted = true;
    for (Cell.Standing each : cell.before()) {
      Policy.Choice choice = choices.get(each.task().index());
      choice.host = each.host();
      choice.devices = each.devices();
      adopted = adopted && policy.adopt(each.task(), choice);
      if (!adopted && !policy.place(each.task(), choice)) {
        choice.host = -1;
      }
    }
    policy.ready();
  }

  /// Has tasks placed until `count` are decided about or the time is up.
  ///
  /// @return the nanoseconds taken; [#measured] tells the tasks and [#timed] the times written down
  private long decide(int count, long end) {
    return cell.batch() == 1 ? decideOneByOne(count, end) : decideInBatches(count, end);
  }

  private long decideOneByOne(int count, long end) {
    List<Task> tasks = cell.tasks();
    List<Integer> leaving = cell.leaving();
    long began = System.nanoTime();
    long last = began;
    int i = 0;
    while (i < count && (i == 0 || last < end)) {
      if (!leaving.isEmpty()) {
        leave(leaving.get(i));
      }
      Task task = tasks.get(i);
      Policy.Choice choice = choices.get(task.index());
      if (!policy.place(task, choice)) {
        choice.host = -1;
      }
      long now = System.nanoTime();
      times[i] = now - last;
      last = now;
      i++;
    }
    measured = i;
    timed = i;
    return last - began;
  }

  private void leave(int index) {
    Policy.Choice choice = choices.get(index);
    if (choice.host >= 0) {
      policy.remove(byIndex[index], choice);
    }
  }

  private long decideInBatches(int count, long end) {
    int first = cell.before().size();
    long began = System.nanoTime();
    long last = began;
    int i = 0;
    int batches = 0;
    while (i < count && (i == 0 || last < end)) {
      int next = (int) Math.min((long) i + cell.batch(), count);
      policy.placeAll(cell.tasks().subList(i, next), choices.subList(first + i, first + next));
      long now = System.nanoTime();
      times[batches++] = now - last;
      last = now;
      i = next;
    }
    measured = i;
    timed = batches;
    return last - began;
  }

  private void replay(Referee referee) {
    List<Task> before = cell.before().stream().map(Cell.Standing::task).toList();
    if (adopted) {
      cell.before().forEach(each -> referee.adopt(each.task(), each.choice()));
    } else {
      for (Task task : before) {
        referee.judge(List.of(task), List.of(choices.get(task.index())), policy.exact());
      }
    }
    int first = before.size();
    int i = 0;
    while (i < measured) {
      if (!cell.leaving().isEmpty()) {
        Policy.Choice choice = choices.get(cell.leaving().get(i));
        if (choice.host >= 0) {
          referee.remove(byIndex[cell.leaving().get(i)], choice);
        }
      }
      int next = (int) Math.min((long) i + cell.batch(), measured);
      referee.judge(
          cell.tasks().subList(i, next), choices.subList(first + i, first + next), policy.exact());
      i = next;
    }
  }
}
