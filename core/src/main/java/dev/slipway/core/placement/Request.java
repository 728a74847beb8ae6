package dev.slipway.core.placement;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.Volume;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.Supplies;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What an instance of an app needs of a node.
///
/// @param volumeBytes what new volumes of the instance take of the node's disk
/// @param roles the roles of which the app takes resources; of any when empty
/// @param needs what the node's engine has to be able to do
/// @param scheduling where it stands to other instances
/// @param bound to which nodes the instance is bound by volumes that exist already
/// @param supply the number of what its tasks need to have brought to their node; none where
/// nothing
///     is brought that would be kept ({@link Supplies})
/// @param ports in the order of the app's port definitions
/// @param portCursor where in a node's dynamic range the search for free ports begins, modulo the
///     range's size; a caller that moves it on does not hand out a port again at once
public record Request(
    PathId app,
    Resources resources,
    long volumeBytes,
    List<String> roles,
    Set<NodeFeature> needs,
    List<Constraint> constraints,
    List<Preference> preferences,
    Scheduling scheduling,
    Optional<Bound> bound,
    OptionalLong supply,
    List<PortRequest> ports,
    int portCursor) {
  /// The role of all resources here.
  private static final String ANY_ROLE = "*";

  public Request {
    roles = List.copyOf(roles);
    needs = needs.isEmpty() ? Set.of() : EnumSet.copyOf(needs);
    // Saying a thing twice changes nothing but what it costs.
    constraints = constraints.stream().distinct().toList();
    preferences = List.copyOf(preferences);
    ports = List.copyOf(ports);
  }

  /// Where an instance has to stand.
  ///
  /// @param nodes none while it has to wait for its volumes
  /// @param reason what is told of all other nodes
  /// @param why the same for people: `its volumes are on n1`
  public record Bound(Set<NodeId> nodes, Reason reason, String why) {
    public Bound {
      nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }

    /// Where the instance's volumes are.
    public Bound(Set<NodeId> nodes, String why) {
      this(nodes, Reason.VOLUMES_ELSEWHERE, why);
    }
  }

  /// A request for resources and ports by constraints alone.
  public Request(
      PathId app,
      Resources resources,
      List<Constraint> constraints,
      List<PortRequest> ports,
      int portCursor) {
    this(
        app,
        resources,
        0,
        List.of(),
        Set.of(),
        constraints,
        List.of(),
        Scheduling.NONE,
        Optional.empty(),
        OptionalLong.empty(),
        ports,
        portCursor);
  }

  /// What a new instance of the app needs, its volumes included.
  public static Request of(AppSpec app, int portCursor) {
    return new Request(
        app.id(),
        app.resources(),
        volumeBytes(app),
        app.mesos().acceptedResourceRoles(),
        NodeFeature.neededBy(app),
        app.constraints(),
        app.preferences(),
        app.scheduling(),
        Optional.empty(),
        Supplies.neededBy(app),
        PortRequest.of(app),
        portCursor);
  }

  private static long volumeBytes(AppSpec app) {
    return app.persistentVolumes().stream()
        .mapToLong(Volume.Persistent::sizeMebibytes)
        .map(size -> size * Resources.MEBIBYTE)
        .sum();
  }

  /// The same for an instance whose volumes exist already.
  public Request boundTo(Bound where) {
    return new Request(
        app,
        resources,
        0,
        roles,
        needs,
        constraints,
        preferences,
        scheduling,
        Optional.of(where),
        supply,
        ports,
        portCursor);
  }

  /// Under other constraints.
  Request withConstraints(List<Constraint> others) {
    return new Request(
        app,
        resources,
        volumeBytes,
        roles,
        needs,
        others,
        preferences,
        scheduling,
        bound,
        supply,
        ports,
        portCursor);
  }

  /// Whether it does not matter to it where other instances stand, beyond the room that they take.
  public boolean isIndifferentToOthers() {
    return constraints.stream().noneMatch(Rule::dependsOnSiblings)
        && Stream.of(scheduling.affinity(), scheduling.antiAffinity())
            .flatMap(List::stream)
            .allMatch(one -> one.weight().isPresent())
        && scheduling.spread().stream().allMatch(one -> one.weight().isPresent());
  }

  /// Without the rules that spread evenly, for which other nodes matter, and without preferences.
  Request withoutSpread() {
    return new Request(
        app,
        resources,
        volumeBytes,
        roles,
        needs,
        constraints.stream().filter(one -> !Rule.isSpread(one)).toList(),
        List.of(),
        new Scheduling(
            List.of(), scheduling.affinity(), scheduling.antiAffinity(), 0, false, false),
        bound,
        supply,
        ports,
        portCursor);
  }

  /// For an instance whose node is given: of constraints only these, and no rule about other
  /// instances.
  Request ofNodesAlone(List<Constraint> others) {
    return new Request(
        app,
        resources,
        volumeBytes,
        roles,
        needs,
        others,
        List.of(),
        new Scheduling(List.of(), List.of(), List.of(), scheduling.priority(), false, false),
        bound,
        supply,
        ports,
        portCursor);
  }

  /// The same at any time: wherever the search for ports begins.
  public Request alike() {
    return portCursor == 0
        ? this
        : new Request(
            app,
            resources,
            volumeBytes,
            roles,
            needs,
            constraints,
            preferences,
            scheduling,
            bound,
            supply,
            ports,
            0);
  }

  /// What it shares with equal requests of other apps, with these of its constraints and
  /// preferences.
  Request ofAnyApp(List<Constraint> shared, List<Preference> preferred) {
    return new Request(
        PathId.ROOT,
        resources,
        volumeBytes,
        roles,
        needs,
        shared,
        preferred,
        Scheduling.NONE.toleratingDisruption(scheduling.tolerateDisruption()),
        bound,
        OptionalLong.empty(),
        ports,
        0);
  }

  /// So many instances on one node are as good as one.
  int perNode() {
    return 1;
  }

  /// How many rules nodes are held against.
  int rules() {
    return constraints.size()
        + preferences.size()
        + scheduling.spread().size()
        + scheduling.affinity().size()
        + scheduling.antiAffinity().size();
  }

  /// All that is taken of a node.
  public Resources taken() {
    return volumeBytes == 0 ? resources : resources.plus(Resources.disk(volumeBytes));
  }

  /// Whether the resources here, which are of no role, may be used.
  boolean takesAnyRole() {
    return roles.isEmpty() || roles.contains(ANY_ROLE);
  }
}
