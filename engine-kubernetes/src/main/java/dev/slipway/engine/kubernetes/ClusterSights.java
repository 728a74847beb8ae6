package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is seen of the cluster: its nodes, our pods, and what the pods of others take.
///
/// Three watches put what they hear into one inbox; one thread empties it, owns all that is derived
/// and tells the listener. A full inbox makes the watches wait, and with them the API server.
final class ClusterSights implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClusterSights.class);
  private static final int INBOX = 10_000;
  private static final int BATCH = 1_000;
  private static final Duration TICK = Duration.ofSeconds(1);

  /// How long the first lists may take, those of large clusters.
  static final Duration FIRST_LOOK = Duration.ofMinutes(2);

  private final KubernetesClient client;
  private final String namespace;
  private final NodeBoard board;
  private final OtherPods others;
  private final TaskBook tasks;
  private final BlockingQueue<Runnable> inbox = new ArrayBlockingQueue<>(INBOX);
  private final Map<NodeId, io.fabric8.kubernetes.api.model.Node> nodes = new ConcurrentHashMap<>();
  private final Set<NodeId> silent;
  private final CountDownLatch looked = new CountDownLatch(3);
  private final List<Watching<?>> watches = new ArrayList<>();
  private final Thread thread =
      Thread.ofPlatform().name("kubernetes-sights").daemon().unstarted(this::run);
  private Optional<EngineListener> listener = Optional.empty();

  /// @param silent the nodes of which nothing is heard, kept here and read by others
  ClusterSights(
      Connection connection,
      NodeBoard board,
      OtherPods others,
      TaskBook tasks,
      Set<NodeId> silent) {
    this.client = connection.client();
    this.namespace = connection.namespace();
    this.board = board;
    this.others = others;
    this.tasks = tasks;
    this.silent = silent;
  }

  /// Looks at everything, tells the full picture, and from then on each change.
  ///
  /// @param patience how long the lists may take
  /// @return what it told; nothing when it was interrupted
  /// @throws KubernetesRefusal when the cluster does not answer
  Optional<EnginePicture> start(EngineListener hearer, Duration patience) {
    Instant taken = Instant.now();
    var everyNode =
        new Watched<>(
            client, io.fabric8.kubernetes.api.model.Node.class, client.nodes(), "api/v1/nodes", "");
    var otherPods =
        new Watched<>(
            client, Pod.class, client.pods().inAnyNamespace(), "api/v1/pods", others.fields());
    var pods =
        new Watched<>(
            client,
            Pod.class,
            client.pods().inNamespace(namespace),
            "api/v1/namespaces/" + namespace + "/pods",
            "");
    watches.add(new Watching<>("nodes", everyNode, new OfNodes()));
    watches.add(new Watching<>("other-pods", otherPods, new OfOtherPods()));
    watches.add(new Watching<>("pods", pods, new OfPods()));
    thread.start();
    watches.forEach(Watching::start);
    var told = new CompletableFuture<EnginePicture>();
    try {
      if (!looked.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new KubernetesRefusal(
            "The cluster did not tell its nodes and pods within %d s; the log says why"
                .formatted(patience.toSeconds()));
      }
      post(
          () -> {
            try {
              told.complete(begin(hearer, taken));
            } catch (RuntimeException fault) {
              told.completeExceptionally(fault);
            }
          });
      return Optional.of(told.get(patience.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException fault) {
      throw new IllegalStateException("the picture of the cluster was not told", fault.getCause());
    } catch (TimeoutException late) {
      throw new KubernetesRefusal(
          "What the cluster told was not worked off within %d s".formatted(patience.toSeconds()),
          late);
    }
  }

  private EnginePicture begin(EngineListener hearer, Instant taken) {
    board.settle(System.nanoTime()).forEach(this::tell);
    EnginePicture picture = picture(taken);
    hearer.picture(picture);
    listener = Optional.of(hearer);
    tasks.tell(hearer::taskSeen);
    return picture;
  }

  private EnginePicture picture(Instant taken) {
    List<Node> offered = new ArrayList<>();
    SortedMap<NodeId, String> quiet = new TreeMap<>();
    for (NodeSight sight : board.all()) {
      offered.add(sight.node());
      if (sight instanceof NodeSight.Silent(Node node, String reason)) {
        quiet.put(node.id(), reason);
      }
    }
    List<TaskObservation> seen = tasks.all().stream().map(Known::observation).toList();
    // The cluster names every machine that it has, ready or not.
    return new EnginePicture(offered, quiet, seen, true, taken);
  }

  static void announce(EnginePicture found) {
    log.info(
        "engine.tasks.found count={} nodes={} silent={}",
        found.tasks().size(),
        found.nodes().size(),
        found.silent().size());
  }

  /// The node as Kubernetes has it.
  Optional<io.fabric8.kubernetes.api.model.Node> node(NodeId id) {
    return Optional.ofNullable(nodes.get(id));
  }

  /// The nodes as they are offered.
  List<io.fabric8.kubernetes.api.model.Node> nodes() {
    return List.copyOf(nodes.values());
  }

  /// Has something done by the thread that owns what is derived.
  void post(Runnable work) {
    try {
      inbox.put(work);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Runnable> batch = new ArrayList<>();
    long nextTick = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()) {
      try {
        long wait = Math.max(1, nextTick - System.nanoTime());
        Runnable first = inbox.poll(wait, TimeUnit.NANOSECONDS);
        if (first != null) {
          batch.add(first);
          inbox.drainTo(batch, BATCH);
          batch.forEach(ClusterSights::runSafely);
          batch.clear();
        }
        if (System.nanoTime() - nextTick >= 0) {
          nextTick = System.nanoTime() + TICK.toNanos();
          runSafely(this::tick);
        }
      } catch (InterruptedException stop) {
        return;
      }
    }
  }

  private static void runSafely(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException fault) {
      log.error("kubernetes.sights.fault", fault);
    }
  }

  private void tick() {
    tasks.tick(Instant.now());
    board.due(System.nanoTime()).forEach(this::tell);
  }

  private void tell(NodeSight sight) {
    NodeId id = sight.node().id();
    boolean wasSilent = silent.contains(id);
    switch (sight) {
      case NodeSight.Offered _ -> {
        silent.remove(id);
        listener.ifPresent(hearer -> hearer.nodeSeen(sight.node()));
        if (wasSilent) {
          tasks.nodeBack(id);
        }
      }
      case NodeSight.Silent(Node _, String reason) -> {
        silent.add(id);
        if (!wasSilent) {
          listener.ifPresent(hearer -> hearer.nodeSilent(id, reason));
        }
      }
    }
  }

  private final class OfNodes implements Watching.Listener<io.fabric8.kubernetes.api.model.Node> {
    @Override
    public void all(List<io.fabric8.kubernetes.api.model.Node> all, long asked) {
      post(
          () -> {
            Set<NodeId> there = all.stream().map(ClusterSights::id).collect(Collectors.toSet());
            nodes.keySet().stream()
                .filter(known -> !there.contains(known))
                .toList()
                .forEach(ClusterSights.this::gone);
            all.forEach(this::look);
            looked.countDown();
          });
    }

    @Override
    public void seen(io.fabric8.kubernetes.api.model.Node node) {
      post(() -> look(node));
    }

    private void look(io.fabric8.kubernetes.api.model.Node node) {
      nodes.put(id(node), node);
      board.seen(node, System.nanoTime()).ifPresent(ClusterSights.this::tell);
    }

    @Override
    public void removed(io.fabric8.kubernetes.api.model.Node node) {
      post(() -> gone(id(node)));
    }
  }

  private void gone(NodeId id) {
    nodes.remove(id);
    if (board.gone(id)) {
      silent.remove(id);
      tasks.nodeGone(id, Instant.now());
      listener.ifPresent(hearer -> hearer.nodeGone(id, "the node was deleted from the cluster"));
    }
  }

  private static NodeId id(io.fabric8.kubernetes.api.model.Node node) {
    return new NodeId(node.getMetadata().getName());
  }

  private final class OfOtherPods implements Watching.Listener<Pod> {
    @Override
    public void all(List<Pod> all, long asked) {
      post(
          () -> {
            board.taken(others.all(OtherPods.Part.OTHER_NAMESPACES, all));
            looked.countDown();
          });
    }

    @Override
    public void seen(Pod pod) {
      post(() -> otherSeen(pod));
    }

    @Override
    public void removed(Pod pod) {
      post(() -> otherRemoved(pod));
    }
  }

  private void otherSeen(Pod pod) {
    others.seen(pod).ifPresent(node -> board.taken(Set.of(node)));
  }

  private void otherRemoved(Pod pod) {
    others.removed(pod).ifPresent(node -> board.taken(Set.of(node)));
  }

  /// The pods of our namespace: ours, and those that others have in it.
  private final class OfPods implements Watching.Listener<Pod> {
    @Override
    public void all(List<Pod> all, long asked) {
      post(
          () -> {
            tasks.all(all.stream().filter(others::isOurs).toList(), asked, Instant.now());
            board.taken(others.all(OtherPods.Part.OUR_NAMESPACE, all));
            looked.countDown();
          });
    }

    @Override
    public void seen(Pod pod) {
      post(
          () -> {
            if (others.isOurs(pod)) {
              tasks.seen(pod, Instant.now());
            } else {
              // Somebody may have taken our label off it.
              tasks.removed(pod, Instant.now());
            }
            otherSeen(pod);
          });
    }

    @Override
    public void removed(Pod pod) {
      post(
          () -> {
            tasks.removed(pod, Instant.now());
            otherRemoved(pod);
          });
    }
  }

  @Override
  public void close() {
    watches.forEach(Watching::close);
    thread.interrupt();
  }
}
