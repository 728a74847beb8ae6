package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What is known of all tasks, and what is told of them as it changes.
///
/// Pods are looked at by one thread alone, the engine's own; orders are noted by any. A pod that
/// vanishes says that its task is over, but for two cases in which its processes may still run: its
/// node is silent, or somebody had it forgotten by force. The end is told when they cannot run any
/// more: once the node is back, or the time is over that its kubelet takes to end what nobody
/// speaks of any more.
final class TaskBook {
  /// What a kubelet takes beyond a pod's own grace to end a pod that it is not told of any more.
  private static final Duration CLEANING = Duration.ofSeconds(10);

  private final ConcurrentMap<TaskId, Known> tasks = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, TaskId> byPod = new ConcurrentHashMap<>();

  // Pods that are to be looked at again when time has passed.
  private final Map<TaskId, Pod> waiting = new HashMap<>();
  private final Map<TaskId, Reading.Memory> memories = new HashMap<>();
  private final Map<TaskId, Vanished> vanished = new HashMap<>();
  private final Predicate<NodeId> silent;
  private final BiConsumer<Known, TaskEnd> hopeless;
  private final Consumer<TaskId> freed;
  private volatile Consumer<TaskObservation> listener = observation -> {};

  /// A pod that is gone, and whose processes may not be.
  ///
  /// @param end what is told of its task then
  /// @param due when they cannot run any more; not known while the node is silent
  private record Vanished(TaskEnd end, Optional<Instant> due) {}

  /// @param silent whether nothing is heard of a node
  /// @param hopeless told of tasks that will never run, to be ended for that reason
  /// @param freed told of tasks whose pod is gone, so that its name is free
  TaskBook(Predicate<NodeId> silent, BiConsumer<Known, TaskEnd> hopeless, Consumer<TaskId> freed) {
    this.silent = silent;
    this.hopeless = hopeless;
    this.freed = freed;
  }

  /// From now on, changes are told.
  void tell(Consumer<TaskObservation> hearer) {
    listener = hearer;
  }

  Optional<Known> of(TaskId task) {
    return Optional.ofNullable(tasks.get(task));
  }

  /// The task that a pod of this name runs now.
  Optional<KubeletSummary.Measured> measured(String pod) {
    return Optional.ofNullable(byPod.get(pod))
        .flatMap(this::of)
        .filter(Known::isRunning)
        .map(known -> new KubeletSummary.Measured(known.task(), known.memLimitBytes()));
  }

  Collection<Known> all() {
    return tasks.values();
  }

  /// The tasks that have a claim mounted and are not over.
  Stream<Known> users(String claim) {
    return tasks.values().stream()
        .filter(known -> !known.isOver() && known.claims().contains(claim));
  }

  /// Notes a launch, unless the task is known.
  ///
  /// @return whether it is new
  boolean launched(Known known) {
    return tasks.putIfAbsent(known.task(), known) == null;
  }

  /// A task that is known was ordered again. On another node it is of an order that the journal
  /// lost: that launch failed, and the task goes on where it is, as a stray.
  void launchedAgain(Known again, Instant at) {
    of(again.task())
        .filter(there -> !there.isOver() && !there.node().equals(again.node()))
        .map(
            there ->
                "its pod is on node %s already, which nothing recorded tells; it is left alone"
                    .formatted(there.node()))
        .map(why -> again.ended(TaskEnd.of(TaskEnd.Reason.LAUNCH_FAILED, why), at))
        .ifPresent(refused -> listener.accept(refused.observation()));
  }

  /// A launch that did not come about: it may be ordered again.
  void forget(TaskId task) {
    tasks.computeIfPresent(task, (id, known) -> known.exists() || known.isOver() ? known : null);
  }

  /// Notes that a task is to end; the first order holds.
  void ordered(TaskId task, EndOrder order) {
    tasks.computeIfPresent(
        task, (id, known) -> known.ordered().isPresent() ? known : known.ordered(order));
  }

  /// There is no pod of a task that is to end.
  void notThere(TaskId task, Instant now) {
    Known known = tasks.get(task);
    if (known != null && !known.isOver() && !vanished.containsKey(task)) {
      missing(known, unseen(), Duration.ZERO, now);
    }
  }

  /// A task that is over without ever having had a pod, or whose pod is gone.
  void ended(Known known, TaskEnd end, Instant at) {
    Known before = tasks.get(known.task());
    if (before != null && before.isOver()) {
      return;
    }
    report((before == null ? known : before).ended(end, at));
  }

  /// All pods that there are.
  ///
  /// @param asked when the list was asked for (`System.nanoTime()`): what became known later may be
  ///     missing in it
  void all(List<Pod> pods, long asked, Instant now) {
    Set<TaskId> there = new HashSet<>();
    for (Pod pod : pods) {
      Names.task(pod).ifPresent(there::add);
      seen(pod, now);
    }
    for (Known known : List.copyOf(tasks.values())) {
      if (known.exists() && !there.contains(known.task()) && known.since() - asked < 0) {
        missing(known, unseen(), known.grace(), now);
      }
    }
  }

  /// A pod is there, or changed.
  void seen(Pod pod, Instant now) {
    Optional<TaskId> named = Names.task(pod);
    if (named.isEmpty() || pod.getSpec().getNodeName() == null) {
      return;
    }
    Reading.Memory before = memories.get(named.get());
    look(
        named.get(),
        pod,
        before == null
            ? Reading.Memory.fresh(now)
            : new Reading.Memory(now, before.ran(), before.cause()),
        now);
  }

  private void look(TaskId id, Pod pod, Reading.Memory memory, Instant now) {
    Known before = tasks.get(id);
    if (before != null && before.isOver()) {
      tasks.put(id, Known.of(id, pod, before.status(), before.at()));
      return;
    }
    Reading reading = PodReading.read(pod, memory, now);
    Status status = status(reading);
    byPod.put(pod.getMetadata().getName(), id);
    remember(id, pod, reading, memory);
    Known known = Known.of(id, pod, status, now);
    if (known.ordered().isEmpty() && before != null && before.ordered().isPresent()) {
      known = known.ordered(before.ordered().get());
    }
    if (before == null || !before.exists() || !before.status().equals(status)) {
      report(known);
    } else {
      tasks.put(id, known.in(status, before.at()));
    }
    if (reading instanceof Reading.Hopeless(TaskEnd end)) {
      hopeless(known, end);
    }
  }

  private static Status status(Reading reading) {
    return switch (reading) {
      case Reading.Observed(Status status) -> status;
      case Reading.Patience(Status status, Instant _, String _) -> status;
      case Reading.Hopeless _ -> new Status.Staging();
    };
  }

  private void remember(TaskId id, Pod pod, Reading reading, Reading.Memory memory) {
    boolean patient = reading instanceof Reading.Patience;
    if (patient) {
      waiting.put(id, pod);
    } else {
      waiting.remove(id);
    }
    if (status(reading) instanceof Status.Ended) {
      memories.remove(id);
      return;
    }
    boolean runs = status(reading) instanceof Status.Running;
    String cause =
        reading instanceof Reading.Patience(Status _, Instant _, String reason) ? reason : "";
    memories.put(id, new Reading.Memory(memory.changed(), memory.ran() || runs, cause));
  }

  /// A task will never run.
  void hopeless(Known known, TaskEnd end) {
    Optional<Known> now = of(known.task());
    if (now.filter(task -> task.ordered().isEmpty() && !task.isOver()).isPresent()) {
      hopeless.accept(known, end);
    }
  }

  /// @param last the pod as it was when it was deleted
  void removed(Pod last, Instant now) {
    Names.task(last).ifPresent(freed);
    Optional<Known> named = Names.task(last).flatMap(this::of);
    if (named.isEmpty()) {
      return;
    }
    Known known = named.get();
    var memory = memories.getOrDefault(known.task(), Reading.Memory.fresh(now));
    boolean ended =
        PodReading.read(last, memory, now) instanceof Reading.Observed(Status status)
            && status instanceof Status.Ended;
    if (ended && !known.isOver()) {
      look(known.task(), last, memory, now);
    }
    Long given = last.getMetadata().getDeletionGracePeriodSeconds();
    boolean forced = given != null && given == 0 && !ended;
    TaskEnd end = PodReading.removed(last, memory, now);
    missing(
        tasks.getOrDefault(known.task(), known), end, forced ? known.grace() : Duration.ZERO, now);
  }

  private void missing(Known known, TaskEnd end, Duration grace, Instant now) {
    waiting.remove(known.task());
    memories.remove(known.task());
    byPod.remove(known.pod());
    tasks.put(known.task(), known.vanished());
    if (known.isOver()) {
      return;
    }
    if (silent.test(known.node())) {
      vanished.put(known.task(), new Vanished(end, Optional.empty()));
    } else if (grace.isPositive() && known.isRunning()) {
      vanished.put(known.task(), new Vanished(end, Optional.of(now.plus(grace).plus(CLEANING))));
    } else {
      gone(known, end, now);
    }
  }

  private void gone(Known known, TaskEnd end, Instant now) {
    TaskEnd why =
        known.ordered().map(order -> TaskEnd.of(order.reason(), order.message())).orElse(end);
    report(known.vanished().ended(why, now));
  }

  /// A node is not there any more, and with it all that ran on it: who hears of it draws the
  /// conclusion, and what has no pod any more is over.
  void nodeGone(NodeId node, Instant now) {
    for (var entry : List.copyOf(vanished.entrySet())) {
      of(entry.getKey())
          .filter(known -> known.node().equals(node))
          .ifPresent(
              known -> {
                vanished.remove(known.task());
                tasks.put(known.task(), known.ended(entry.getValue().end(), now));
              });
    }
  }

  /// A node is heard of again: what its pods say counts anew, also where they never changed.
  void nodeBack(NodeId node) {
    tasks.values().stream()
        .filter(known -> known.node().equals(node) && known.exists() && !known.isOver())
        .forEach(known -> listener.accept(known.observation()));
  }

  /// Looks again at what time may have changed.
  void tick(Instant now) {
    for (var entry : List.copyOf(waiting.entrySet())) {
      TaskId id = entry.getKey();
      look(id, entry.getValue(), memories.getOrDefault(id, Reading.Memory.fresh(now)), now);
    }
    for (var entry : List.copyOf(vanished.entrySet())) {
      TaskId id = entry.getKey();
      Vanished gone = entry.getValue();
      Known known = tasks.get(id);
      if (known == null || known.exists()) {
        vanished.remove(id);
        continue;
      }
      if (gone.due().isEmpty() && !silent.test(known.node())) {
        Instant due = now.plus(known.grace()).plus(CLEANING);
        vanished.put(id, new Vanished(gone.end(), Optional.of(due)));
      } else if (gone.due().filter(time -> !now.isBefore(time)).isPresent()) {
        vanished.remove(id);
        gone(known, gone.end(), now);
      }
    }
  }

  /// Ended tasks whose pods are to go, the oldest first, and those without one that nobody needs to
  /// remember any longer are forgotten.
  List<Known> expired(KubernetesSettings.Retention retention, Instant now) {
    List<Known> over = new ArrayList<>();
    for (Known known : tasks.values()) {
      boolean old = known.at().plus(retention.age()).isBefore(now);
      if (known.isOver() && !known.exists() && old) {
        tasks.remove(known.task(), known);
      } else if (known.isOver() && known.exists()) {
        over.add(known);
      }
    }
    over.sort(Comparator.comparing(Known::at).reversed());
    Map<Object, Integer> ofApp = new HashMap<>();
    List<Known> expired = new ArrayList<>();
    int kept = 0;
    for (Known known : over) {
      boolean old = known.at().plus(retention.age()).isBefore(now);
      boolean room =
          kept < retention.count() && ofApp.getOrDefault(known.app(), 0) < retention.perApp();
      if (old || !room) {
        expired.add(known);
      } else {
        kept++;
        ofApp.merge(known.app(), 1, Integer::sum);
      }
    }
    return expired.reversed();
  }

  /// Nobody saw how it ended.
  private static TaskEnd unseen() {
    return TaskEnd.of(Reason.EVICTED, "its pod was deleted by somebody else");
  }

  private void report(Known known) {
    tasks.put(known.task(), known);
    listener.accept(known.observation());
  }
}
