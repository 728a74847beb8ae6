package dev.slipway.core.state;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Root;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.rebalancing.Rebalancing;
import dev.slipway.core.volume.PersistentVolume;
import dev.slipway.core.volume.VolumeId;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// All that is recorded. Immutable: readers hold one as long as they like while the next ones are
/// made.
///
/// @param root what should exist
/// @param versions the versions of each app, at most {@link #MAX_VERSIONS}
/// @param formations what each app's instances are held to now
/// @param instances the instances that are not over, by app
/// @param waiting the apps with instances that stand on no node
/// @param tallies how many instances each app has, by version
/// @param rosters of daemons, on which nodes they stand and should stand
/// @param deployments the deployments that go on
/// @param locks which deployment holds an app
/// @param finished of run-once apps, the instances that are done
/// @param plans what waits for deployments to end, and the last versions of the root
/// @param placementPolicy how the platform deals with its nodes
/// @param nominations room that is kept for instances while others end for them
/// @param rebalancing which instances are being moved, and what became of moving others
/// @param evictions of instances on silent nodes
/// @param ended the last deployments that are over, oldest first, at most {@link #MAX_ENDED}
public record State(
    Platform platform,
    Root root,
    PersistentMap<PathId, PersistentMap<Instant, App>> versions,
    PersistentMap<PathId, Formation> formations,
    PersistentMap<PathId, PersistentMap<InstanceId, Instance>> instances,
    PersistentMap<PathId, Integer> waiting,
    PersistentMap<PathId, Tally> tallies,
    PersistentMap<PathId, Roster> rosters,
    PersistentMap<DeploymentId, Deployment> deployments,
    PersistentMap<PathId, DeploymentId> locks,
    List<Deployment.Ended> ended,
    PersistentMap<PathId, Backoff> backoffs,
    PersistentMap<PathId, Failures> failures,
    PersistentMap<PathId, Finished> finished,
    Plans plans,
    Nodes nodes,
    PlacementPolicy placementPolicy,
    Nominations nominations,
    Rebalancing rebalancing,
    Evictions evictions) {

  public static final int MAX_VERSIONS = 50;
  public static final int MAX_ENDED = 50;

  public static final State EMPTY =
      new State(
          Platform.NONE,
          Root.EMPTY,
          PersistentMap.empty(),
          PersistentMap.empty(),
          PersistentMap.empty(),
          PersistentMap.empty(),
          PersistentMap.empty(),
          PersistentMap.empty(),
          PersistentMap.empty(),
          PersistentMap.empty(),
          List.of(),
          PersistentMap.empty(),
          PersistentMap.empty(),
          PersistentMap.empty(),
          Plans.NONE,
          Nodes.NONE,
          PlacementPolicy.DEFAULT,
          Nominations.NONE,
          Rebalancing.NONE,
          Evictions.NONE);

  public State {
    ended = List.copyOf(ended);
  }

  public Optional<App> app(PathId id) {
    return Optional.ofNullable(root.apps().get(id));
  }

  /// A version of an app that is still kept.
  public Optional<App> app(PathId id, Instant version) {
    return Optional.ofNullable(
        versions.getOrDefault(id, PersistentMap.<Instant, App>empty()).get(version));
  }

  public PersistentMap<InstanceId, Instance> instancesOf(PathId app) {
    return instances.getOrDefault(app, PersistentMap.<InstanceId, Instance>empty());
  }

  public Tally tally(PathId app) {
    return tallies.getOrDefault(app, Tally.NONE);
  }

  public Roster roster(PathId app) {
    return rosters.getOrDefault(app, Roster.NONE);
  }

  /// How many instances an app is held to: of a daemon one on each node that is for it.
  public int wanted(Formation formation) {
    return formation.isDaemon()
        ? roster(formation.app().id()).posts().size()
        : formation.instances();
  }

  /// Of the versions that an app has instances of, those whose instances are asked whether they are
  /// well: by the checks that the app is held to now where they are of its generation, and by those
  /// that they were launched with otherwise.
  public Set<Instant> checkedVersions(PathId app) {
    App now = formation(app).map(Formation::app).orElse(null);
    Set<Instant> checked = new HashSet<>();
    for (Instant version : tally(app).byVersion().keys()) {
      App launched = app(app, version).orElse(null);
      boolean current =
          now != null && launched != null && launched.generation().equals(now.generation());
      App asked = current ? now : launched;
      if (asked != null && !asked.spec().healthChecks().isEmpty()) {
        checked.add(version);
      }
    }
    return checked;
  }

  /// How many instances of an app are ready, each by the checks that it is asked.
  public int ready(PathId app) {
    return tally(app).ready(checkedVersions(app));
  }

  public Optional<Instance> instance(InstanceId id) {
    return Optional.ofNullable(instancesOf(id.app()).get(id));
  }

  public Optional<Formation> formation(PathId app) {
    return Optional.ofNullable(formations.get(app));
  }

  public Optional<Deployment> deployment(DeploymentId id) {
    return Optional.ofNullable(deployments.get(id));
  }

  /// The root as it was at one of the versions that {@link #plans} keep.
  public Optional<Root> rootAt(Instant version) {
    return plans.history().at(version, root, versions);
  }

  /// The instances of a run-once app that are done in its formation's generation.
  public Optional<Finished> finished(Formation formation) {
    return Optional.ofNullable(finished.get(formation.app().id()))
        .filter(done -> done.generation().equals(formation.app().generation()));
  }

  public Optional<NodeRecord> node(NodeId id) {
    return Optional.ofNullable(nodes.byId().get(id));
  }

  /// A volume, wherever it is.
  public Optional<PersistentVolume> volume(VolumeId id) {
    for (var ofApp : nodes.volumes().values()) {
      PersistentVolume volume = ofApp.get(id);
      if (volume != null) {
        return Optional.of(volume);
      }
    }
    return Optional.empty();
  }

  State with(Platform next) {
    var parts = new Parts(this);
    parts.platform = next;
    return parts.whole();
  }

  State with(Root next, PersistentMap<PathId, PersistentMap<Instant, App>> nextVersions) {
    var parts = new Parts(this);
    parts.root = next;
    parts.versions = nextVersions;
    return parts.whole();
  }

  State withFormations(PersistentMap<PathId, Formation> next) {
    var parts = new Parts(this);
    parts.formations = next;
    return parts.whole();
  }

  State withTallies(PersistentMap<PathId, Tally> next) {
    var parts = new Parts(this);
    parts.tallies = next;
    return parts.whole();
  }

  State withRosters(PersistentMap<PathId, Roster> next) {
    var parts = new Parts(this);
    parts.rosters = next;
    return parts.whole();
  }

  State withInstances(
      PersistentMap<PathId, PersistentMap<InstanceId, Instance>> next,
      PersistentMap<PathId, Integer> nextWaiting,
      Nodes nextNodes) {
    var parts = new Parts(this);
    parts.instances = next;
    parts.waiting = nextWaiting;
    parts.nodes = nextNodes;
    return parts.whole();
  }

  State withDeployments(
      PersistentMap<DeploymentId, Deployment> next,
      PersistentMap<PathId, DeploymentId> nextLocks,
      List<Deployment.Ended> nextEnded) {
    var parts = new Parts(this);
    parts.deployments = next;
    parts.locks = nextLocks;
    parts.ended = nextEnded;
    return parts.whole();
  }

  State withBackoffs(PersistentMap<PathId, Backoff> next) {
    var parts = new Parts(this);
    parts.backoffs = next;
    return parts.whole();
  }

  State withFailures(PersistentMap<PathId, Failures> next) {
    var parts = new Parts(this);
    parts.failures = next;
    return parts.whole();
  }

  State withFinished(PersistentMap<PathId, Finished> next) {
    var parts = new Parts(this);
    parts.finished = next;
    return parts.whole();
  }

  State with(Plans next) {
    var parts = new Parts(this);
    parts.plans = next;
    return parts.whole();
  }

  @SuppressWarnings(
      "ReferenceEquality") // Mostly nothing changed; comparing values would cost more.
  State with(Nominations next) {
    var parts = new Parts(this);
    parts.nominations = next;
    return parts.whole();
  }

  State with(Nodes next) {
    var parts = new Parts(this);
    parts.nodes = next;
    return parts.whole();
  }

  State with(PlacementPolicy next) {
    var parts = new Parts(this);
    parts.placementPolicy = next;
    return parts.whole();
  }

  State with(Rebalancing next) {
    var parts = new Parts(this);
    parts.rebalancing = next;
    return parts.whole();
  }

  State with(Evictions next) {
    var parts = new Parts(this);
    parts.evictions = next;
    return parts.whole();
  }

  /// A state taken apart, to be put together again with some parts changed. Never leaves a method.
  private static final class Parts {
    private Platform platform;
    private Root root;
    private PersistentMap<PathId, PersistentMap<Instant, App>> versions;
    private PersistentMap<PathId, Formation> formations;
    private PersistentMap<PathId, PersistentMap<InstanceId, Instance>> instances;
    private PersistentMap<PathId, Integer> waiting;
    private PersistentMap<PathId, Tally> tallies;
    private PersistentMap<PathId, Roster> rosters;
    private PersistentMap<DeploymentId, Deployment> deployments;
    private PersistentMap<PathId, DeploymentId> locks;
    private List<Deployment.Ended> ended;
    private PersistentMap<PathId, Backoff> backoffs;
    private PersistentMap<PathId, Failures> failures;
    private PersistentMap<PathId, Finished> finished;
    private Plans plans;
    private Nodes nodes;
    private PlacementPolicy placementPolicy;
    private Nominations nominations;
    private Rebalancing rebalancing;
    private Evictions evictions;

    Parts(State state) {
      platform = state.platform;
      root = state.root;
      versions = state.versions;
      formations = state.formations;
      instances = state.instances;
      waiting = state.waiting;
      tallies = state.tallies;
      rosters = state.rosters;
      deployments = state.deployments;
      locks = state.locks;
      ended = state.ended;
      backoffs = state.backoffs;
      failures = state.failures;
      finished = state.finished;
      plans = state.plans;
      nodes = state.nodes;
      placementPolicy = state.placementPolicy;
      nominations = state.nominations;
      rebalancing = state.rebalancing;
      evictions = state.evictions;
    }

    State whole() {
      return new State(
          platform,
          root,
          versions,
          formations,
          instances,
          waiting,
          tallies,
          rosters,
          deployments,
          locks,
          ended,
          backoffs,
          failures,
          finished,
          plans,
          nodes,
          placementPolicy,
          nominations,
          rebalancing,
          evictions);
    }
  }
}
