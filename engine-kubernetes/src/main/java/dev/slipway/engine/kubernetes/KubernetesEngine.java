package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Command;
import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.EngineUnavailable;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.ExecSession;
import dev.slipway.core.engine.Fenced;
import dev.slipway.core.engine.ForeignPlatform;
import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.SecretReader;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.engine.StoredVolume;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TerminalSize;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.volume.VolumeId;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine that runs tasks as pods of a Kubernetes cluster, each on the node that the platform's
/// own scheduler chose for it.
///
/// Everything that has to outlive the process is in the cluster: the pods with their annotations,
/// the claims of volumes, the epoch. An engine that starts finds them and goes on; no pod restarts.
/// Orders are carried out in the caller's thread; one thread owns what is seen
/// ({@link ClusterSights}).
public final class KubernetesEngine implements Engine {
  private static final Logger log = LoggerFactory.getLogger(KubernetesEngine.class);

  private final KubernetesSettings settings;
  private final Connection connection;
  private final Fence fence;
  private final Claims claims;
  private final PodLaunch launching;
  private final PodKill ending;
  private final Tombstones tombstones;
  private final PodExec exec;
  private final PodLogs logs;
  private final TaskBook tasks;
  private final ClusterSights sights;
  private final ExecutorService workers;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final NodeBoard board;
  private final Background background = new Background();

  /// What the platform gives its engine.
  ///
  /// @param directory on this machine, ours alone, for copies of logs that are read
  /// @param secrets the platform's store
  /// @param links how pods come to the platform's own artifacts
  public record Means(Path directory, SecretReader secrets, ArtifactLinks links) {}

  private KubernetesEngine(KubernetesSettings settings, Connection connection, Means means)
      throws IOException {
    this.settings = settings;
    this.connection = connection;
    String namespace = connection.namespace();
    var client = connection.client();
    KubernetesLimits limits = settings.limits();
    var bounds =
        new Writes.Bounds(
            limits.writesInFlight(), limits.writesPerSecond(), limits.writePatience());
    this.fence = new Fence(new FenceLease(client, namespace), new Writes(bounds), limits);
    var writes = new Writes(bounds, fence::pass);
    this.claims = new Claims(client, namespace, settings.storageClass(), writes);
    var planner = new PodPlanner(PodDefaults.of(settings, namespace, means.links().platform()));
    this.launching =
        new PodLaunch(connection, writes, claims, planner, means.secrets(), means.links());
    this.exec = new PodExec(client, namespace, limits.execsAtOnce());
    this.logs = new PodLogs(client, namespace, means.directory().resolve("logs"));
    this.ending = new PodKill(connection, writes, logs);
    this.tombstones = new Tombstones(connection, writes);
    Set<NodeId> silent = ConcurrentHashMap.newKeySet();
    this.tasks = new TaskBook(silent::contains, this::giveUp, this::nameIsFree);
    var quantities = new Quantities(settings.offer().gpuResource());
    var others = new OtherPods(namespace, quantities);
    this.board = new NodeBoard(new NodeReading(settings), others, limits);
    this.sights = new ClusterSights(connection, board, others, tasks, silent);
    this.workers =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("kubernetes-order-", 0).factory());
  }

  /// Connects to the cluster and finds out whether it can be worked with.
  ///
  /// @throws KubernetesRefusal when it cannot, saying why and how to mend it
  /// @throws IOException when the directory cannot be used
  public static KubernetesEngine open(KubernetesSettings settings, Means means) throws IOException {
    Connection connection = Connection.open(settings.access(), settings.limits());
    try {
      StartCheck.run(connection.client(), connection.namespace(), settings);
      var engine = new KubernetesEngine(settings, connection, means);
      engine.fence.read();
      log.info(
          "engine.opened cluster={} namespace={} writes-at-once={} writes-per-second={}",
          connection.client().getMasterUrl(),
          connection.namespace(),
          settings.limits().writesInFlight(),
          settings.limits().writesPerSecond());
      return engine;
    } catch (IOException | RuntimeException failure) {
      connection.close();
      throw failure;
    }
  }

  /// The namespace that tasks run in.
  public String namespace() {
    return connection.namespace();
  }

  /// How many nodes the cluster has, ready or not.
  ///
  /// @throws KubernetesRefusal when it does not answer
  public int nodes() {
    try {
      return connection.client().nodes().list().getItems().size();
    } catch (KubernetesClientException failure) {
      throw new KubernetesRefusal(
          "The nodes of the cluster cannot be read: " + Failures.line(failure), failure);
    }
  }

  @Override
  public Fenced fence() {
    return fence.fenced();
  }

  @Override
  public void claim(String platform, Epoch epoch) {
    fence.claim(platform, epoch);
    log.info("engine.claimed platform={} epoch={}", platform, epoch.value());
  }

  @Override
  public Optional<EnginePicture> rehearse() {
    return Rehearsal.of(connection, settings);
  }

  @Override
  public void start(EngineListener listener) {
    Optional<EnginePicture> found = sights.start(listener, ClusterSights.FIRST_LOOK);
    if (found.isEmpty()) {
      return;
    }
    ClusterSights.announce(found.get());
    var upkeep =
        new Upkeep(
            settings,
            connection,
            new Upkeep.Sources(tasks, sights, logs),
            ending,
            tombstones,
            this::work);
    background.begin(upkeep::start, upkeep::close);
    if (settings.usage() != KubeletTrust.OFF) {
      var usage =
          new KubeletUsage(
              settings.limits(),
              new KubeletClient(
                  connection.client().getConfiguration(), settings.usage(), settings.limits()),
              new KubeletSummary(connection.namespace(), tasks::measured),
              board::kubelets,
              listener::usage);
      background.begin(usage::start, usage::close);
    }
  }

  @Override
  public void launch(TaskLaunch launch) {
    fence.admit(launch.epoch());
    Optional<Node> node = sights.node(launch.node());
    Known known =
        Known.launched(
            launch.id(),
            launch.node(),
            launch.killGrace(),
            Set.copyOf(
                launch.surroundings().volumes().stream()
                    .map(volume -> Names.claimName(volume.id()))
                    .toList()),
            Instant.now());
    if (!tasks.launched(known)) {
      sights.post(() -> tasks.launchedAgain(known, Instant.now()));
      return;
    }
    Optional<TaskEnd> failure;
    try {
      failure =
          node.isEmpty()
              ? Optional.of(
                  TaskEnd.of(
                      Reason.LAUNCH_FAILED,
                      "the cluster has no node '" + launch.node() + "' any more"))
              : launching.carryOut(launch, node.get(), claim -> user(claim, launch.id()));
    } catch (EngineUnavailable | StaleEpoch | ForeignPlatform notOrdered) {
      tasks.forget(launch.id());
      throw notOrdered;
    } catch (RuntimeException fault) {
      log.error("task.launch.fault task={}", launch.id(), fault);
      failure = Optional.of(TaskEnd.of(Reason.LAUNCH_FAILED, "a fault: " + fault));
    }
    failure.ifPresent(end -> sights.post(() -> tasks.ended(known, end, Instant.now())));
  }

  /// The task that has the claim mounted, other than this one.
  private Optional<String> user(String claim, TaskId except) {
    return tasks
        .users(claim)
        .filter(known -> !known.task().equals(except))
        .map(known -> known.task().value())
        .findFirst();
  }

  @Override
  public void kill(TaskId id, Duration grace, Epoch epoch) {
    fence.admit(epoch);
    Optional<Known> known = tasks.of(id);
    if (known.isEmpty()) {
      neverLaunched(id);
      return;
    }
    if (!known.get().isOver()) {
      end(known.get(), EndOrder.KILLED, grace);
    }
  }

  /// A pod may still be there of which nothing was heard yet.
  private void neverLaunched(TaskId id) {
    if (!tombstones.take(id)) {
      ending.delete(Names.podName(id), 1);
      return;
    }
    Known never = Known.launched(id, new NodeId("none"), Duration.ZERO, Set.of(), Instant.now());
    sights.post(
        () ->
            tasks.ended(
                never, TaskEnd.of(Reason.KILLED, "killed before it was launched"), Instant.now()));
  }

  private void end(Known known, EndOrder order, Duration grace) {
    tasks.ordered(known.task(), order);
    try {
      boolean there = known.exists() && ending.end(known, order, grace);
      if (there) {
        return;
      }
      if (tombstones.take(known.task())) {
        sights.post(() -> tasks.notThere(known.task(), Instant.now()));
      } else {
        ending.end(known, order, grace);
      }
    } catch (KubernetesClientException refused) {
      throw new EngineUnavailable(
          "the pod " + known.pod() + " cannot be ended: " + Failures.line(refused), refused);
    }
  }

  /// A pod went, and its name with it. Whoever led before may still be about to make the same pod:
  /// it was ordered to, and stood still since.
  private void nameIsFree(TaskId task) {
    if (fence.hasRisenWithin(Tombstones.KEPT)) {
      work(() -> tombstones.take(task));
    }
  }

  /// A task that will never run, as far as can be seen.
  private void giveUp(Known known, TaskEnd end) {
    log.info("task.given.up task={} reason={}", known.task(), end.reason());
    work(() -> end(known, EndOrder.of(end), known.grace()));
  }

  @Override
  public Optional<Sandbox> sandbox(TaskId id) {
    return tasks
        .of(id)
        .filter(known -> known.isRunning() || known.isOver())
        .filter(known -> known.exists() || logs.isKept(known.pod()))
        .map(
            known ->
                new PodSandbox(known.pod(), known.isRunning(), known.secretPaths(), logs, exec));
  }

  @Override
  public CommandOutcome execute(TaskId id, Command command, Duration timeout)
      throws IOException, InterruptedException {
    return exec.run(podOf(id), command.argv(), timeout);
  }

  @Override
  public ExecSession exec(TaskId id, List<String> command, Optional<TerminalSize> terminal)
      throws IOException, InterruptedException {
    return exec.session(podOf(id), command, terminal);
  }

  private String podOf(TaskId id) throws IOException {
    return tasks
        .of(id)
        .filter(Known::isRunning)
        .orElseThrow(() -> new IOException("task " + id + " does not run"))
        .pod();
  }

  @Override
  public List<TaskObservation> ended() {
    return tasks.all().stream()
        .filter(known -> known.isOver() && (known.exists() || logs.isKept(known.pod())))
        .map(Known::observation)
        .toList();
  }

  @Override
  public void destroyVolume(VolumeId volume, Epoch epoch) throws IOException {
    fence.admit(epoch);
    String claim = Names.claimName(volume);
    Optional<Known> user = tasks.users(claim).findFirst();
    if (user.isPresent()) {
      throw new IOException(
          "the volume " + volume + " is still in use by task " + user.get().task());
    }
    // Kubernetes keeps a claim as long as any pod names it, also one that ended.
    for (Known known : tasks.all()) {
      if (known.exists() && known.claims().contains(claim)) {
        ending.delete(known.pod(), 1);
      }
    }
    try {
      claims.destroy(volume);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the volume " + volume + " was destroyed", stop);
    }
  }

  @Override
  public List<StoredVolume> volumes() {
    Set<String> mounted = ConcurrentHashMap.newKeySet();
    tasks.all().stream().filter(k -> !k.isOver()).forEach(k -> mounted.addAll(k.claims()));
    return settings.storageClass().isEmpty() ? List.of() : claims.all(mounted::contains);
  }

  private void work(Runnable work) {
    try {
      workers.execute(
          () -> {
            try {
              work.run();
            } catch (EngineUnavailable | StaleEpoch | ForeignPlatform kept) {
              log.warn("engine.work.put.off message=\"{}\"", kept.getMessage());
            } catch (RuntimeException fault) {
              log.error("engine.work.failed", fault);
            }
          });
    } catch (RejectedExecutionException closing) {
      // What is left to do is found in the cluster at the next start.
      return;
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    sights.close();
    background.close();
    workers.shutdownNow();
    logs.close();
    connection.close();
  }
}
