package dev.slipway.core.placement;

import java.util.Optional;

/// Why a node does not take an instance, in the order in which the reasons are looked for: only
/// the first one is told, as in Marathon's funnel (`NoOfferMatchReason.scala`). First comes what
/// never changes while the node is what it is, then what others do there, then what is free.
public enum Reason {
  /// The instance's volumes are elsewhere.
  VOLUMES_ELSEWHERE("NoCorrespondingReservationFound"),
  /// A daemon's next instance is for another node.
  NOT_NEEDED("UnfulfilledConstraint"),
  /// The app accepts only resources of a role; all resources here are of none.
  UNFULFILLED_ROLE("UnfulfilledRole"),
  /// The node's engine cannot do what the app's tasks need. Marathon never sees such a node either;
  /// a constraint that no node meets is the nearest word.
  MISSING_FEATURE("UnfulfilledConstraint"),
  /// A required port is not among those that the node ever gives, whatever is taken of them.
  PORTS_NOT_OFFERED("InsufficientPorts"),
  /// The node takes only apps that ask for one of its attributes, and this one does not.
  NODE_DEDICATED("UnfulfilledConstraint"),
  UNFULFILLED_CONSTRAINT("UnfulfilledConstraint"),
  /// Marathon never sees such a node; the nearest word that its clients know is maintenance.
  NODE_UNREACHABLE("AgentMaintenance"),
  NODE_DRAINING("AgentMaintenance"),
  /// The node's engine wants no new tasks on it.
  NODE_CLOSED("AgentMaintenance"),
  /// The node holds as many tasks as it may, whatever they request. Marathon has no word for it.
  NODE_FULL("UnfulfilledConstraint"),
  INSUFFICIENT_CPUS("InsufficientCpus"),
  INSUFFICIENT_MEMORY("InsufficientMemory"),
  INSUFFICIENT_DISK("InsufficientDisk"),
  INSUFFICIENT_GPUS("InsufficientGpus"),
  INSUFFICIENT_PORTS("InsufficientPorts"),
  /// There is room, and it is kept free of apps with such a priority. Marathon's word for what is
  /// kept for others.
  KEPT_AS_HEADROOM("DeclinedScarceResources"),
  /// None: the node would take it.
  FITS("");

  private final String marathonName;

  Reason(String marathonName) {
    this.marathonName = marathonName;
  }

  /// The word for it in Marathon's queue; nothing where the instance fits.
  public Optional<String> marathonName() {
    return Optional.of(marathonName).filter(name -> !name.isEmpty());
  }
}
