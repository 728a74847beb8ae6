package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.client.VersionInfo;

/// A version of Kubernetes, as far as it matters: `1.20`.
record KubernetesVersion(int major, int minor) {
  /// The oldest that works: what the engine asks for is stable since.
  static final KubernetesVersion OLDEST = new KubernetesVersion(1, 20);

  /// The newest that the tests ran against. Newer ones are expected to work, since nothing but
  /// stable parts of the API is used.
  static final KubernetesVersion NEWEST_TESTED = new KubernetesVersion(1, 20);

  /// Clouds write `20+`, and a server that tells no number counts as one that is too old.
  static KubernetesVersion of(VersionInfo info) {
    return new KubernetesVersion(number(info.getMajor()), number(info.getMinor()));
  }

  private static int number(@org.jspecify.annotations.Nullable String text) {
    String digits = text == null ? "" : text.replaceAll("[^0-9].*", "");
    return digits.isEmpty() || digits.length() > 6 ? 0 : Integer.parseInt(digits);
  }

  boolean isOlderThan(KubernetesVersion other) {
    return major < other.major || (major == other.major && minor < other.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
