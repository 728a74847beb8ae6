package dev.slipway.core.instance;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.volume.VolumeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One slot of an app.
///
/// @param version the app's version that it was made for
/// @param generation that version's generation; an instance of another generation than the app's is
///     outdated
/// @param scheduledAt when it was made
/// @param since when it came into its condition
/// @param place where it stands, once placed
/// @param startedAt when its process was first seen to run
/// @param health what its health checks say; empty until they say something
/// @param kill why and since when it is being ended
/// @param awaitsReadiness whether it was launched by a deployment and its readiness check has not
/// said
///     yet that it is ready
/// @param addresses the network addresses that are its task's own, as its engine told them last;
/// none
///     where it shares its node's
public record Instance(
    InstanceId id,
    PathId app,
    Instant version,
    Instant generation,
    Condition condition,
    Instant scheduledAt,
    Instant since,
    Optional<Place> place,
    Optional<Instant> stagedAt,
    Optional<Instant> startedAt,
    Optional<Boolean> health,
    Optional<Kill> kill,
    boolean awaitsReadiness,
    List<String> addresses) {
  public Instance {
    addresses = List.copyOf(addresses);
  }

  /// Where an instance stands and what of the node is its own.
  ///
  /// @param hostPorts in the order of the app's port definitions
  /// @param resources what was requested for it when it was placed
  /// @param volumes its persistent volumes, in the order of the app's
  /// @param devices which of the node's GPUs it has a share of, or wholly; counted from 0
  public record Place(
      NodeId node,
      List<Integer> hostPorts,
      Resources resources,
      List<VolumeId> volumes,
      List<Integer> devices) {
    public Place {
      hostPorts = List.copyOf(hostPorts);
      volumes = List.copyOf(volumes);
      devices = List.copyOf(devices);
    }

    /// A place of an instance without volumes and devices.
    public Place(NodeId node, List<Integer> hostPorts, Resources resources) {
      this(node, hostPorts, resources, List.of(), List.of());
    }

    public Place with(List<VolumeId> attached) {
      return new Place(node, hostPorts, resources, attached, devices);
    }

    /// What it has of each of its devices, in thousandths.
    public int ofEachDevice() {
      return Math.min(resources.milliGpus(), Resources.DEVICE);
    }
  }

  /// An order to end an instance.
  public record Kill(KillReason reason, String detail, Instant at) {
    /// Whether this very instance was to end, and not to have fewer of them or others.
    public boolean isForItself() {
      return reason == KillReason.REQUESTED || reason == KillReason.UNHEALTHY;
    }
  }

  public static Instance scheduled(
      InstanceId id, PathId app, Instant version, Instant generation, Instant at) {
    return new Instance(
        id,
        app,
        version,
        generation,
        Condition.SCHEDULED,
        at,
        at,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        List.of());
  }

  /// On a node, and of the version that it is launched with there.
  public Instance placed(Instant launched, Instant launchedGeneration, Place where, Instant at) {
    return new Instance(
        id,
        app,
        launched,
        launchedGeneration,
        Condition.PROVISIONED,
        scheduledAt,
        at,
        Optional.of(where),
        stagedAt,
        startedAt,
        health,
        kill,
        awaitsReadiness,
        addresses);
  }

  /// In a new condition since `at`; the times of staging and starting are kept from the first time.
  public Instance in(Condition next, Instant at) {
    var staged = next == Condition.STAGING ? stagedAt.or(() -> Optional.of(at)) : stagedAt;
    var started = next == Condition.RUNNING ? startedAt.or(() -> Optional.of(at)) : startedAt;
    return copy(next, at, place, staged, started, health, kill);
  }

  public Instance withHealth(boolean healthy) {
    return copy(condition, since, place, stagedAt, startedAt, Optional.of(healthy), kill);
  }

  public Instance killed(Kill order) {
    return copy(
        Condition.KILLING, order.at(), place, stagedAt, startedAt, health, Optional.of(order));
  }

  public Instance awaitingReadiness(boolean awaits) {
    return new Instance(
        id,
        app,
        version,
        generation,
        condition,
        scheduledAt,
        since,
        place,
        stagedAt,
        startedAt,
        health,
        kill,
        awaits,
        addresses);
  }

  /// Reached at these addresses of its own.
  public Instance addressed(List<String> own) {
    return new Instance(
        id,
        app,
        version,
        generation,
        condition,
        scheduledAt,
        since,
        place,
        stagedAt,
        startedAt,
        health,
        kill,
        awaitsReadiness,
        own);
  }

  /// Whether it runs, its health checks say that it is well, where the app has any, and its
  /// readiness check is not still asked.
  public boolean isReady(boolean hasHealthChecks) {
    return condition == Condition.RUNNING
        && !awaitsReadiness
        && (!hasHealthChecks || health.orElse(false));
  }

  /// Whether it was given up with its silent node: it is counted nowhere, and kept to be ended if
  /// the node returns.
  public boolean isGivenUp() {
    return condition == Condition.KILLING
        && kill.filter(order -> order.reason() == KillReason.EXPUNGED).isPresent();
  }

  private Instance copy(
      Condition next,
      Instant nextSince,
      Optional<Place> nextPlace,
      Optional<Instant> staged,
      Optional<Instant> started,
      Optional<Boolean> nextHealth,
      Optional<Kill> nextKill) {
    return new Instance(
        id,
        app,
        version,
        generation,
        next,
        scheduledAt,
        nextSince,
        nextPlace,
        staged,
        started,
        nextHealth,
        nextKill,
        awaitsReadiness,
        addresses);
  }
}
