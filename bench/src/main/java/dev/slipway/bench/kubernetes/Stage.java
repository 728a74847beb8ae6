package dev.slipway.bench.kubernetes;

/// What happens to the instances of an app on their way to running. The time of a stage is when the
/// last instance has reached it, from the request on.
public enum Stage {
  /// The request for all instances is answered.
  ACCEPTED("accepted"),

  /// Slipway has recorded where each goes. By its log, which is written a moment later.
  DECIDED("decided"),

  /// The pods are there.
  CREATED("created"),

  /// They have nodes.
  BOUND("bound"),

  /// The kubelets have taken them up. Told in whole seconds, rounded down.
  TAKEN_UP("taken_up"),

  /// Their containers run. Told in whole seconds, rounded down.
  STARTED("started"),

  /// The API server knows that they run.
  RUNNING("running"),

  /// Who was asked for the instances says that all run.
  REPORTED("reported");

  private final String label;

  Stage(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
