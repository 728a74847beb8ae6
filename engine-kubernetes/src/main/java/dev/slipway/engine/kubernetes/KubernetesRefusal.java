package dev.slipway.engine.kubernetes;

/// The engine cannot work with the cluster as it is. The message says what is wrong and how to mend
/// it, for people.
public final class KubernetesRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  public KubernetesRefusal(String message) {
    super(message);
  }

  public KubernetesRefusal(String message, Throwable cause) {
    super(message, cause);
  }
}
