package dev.slipway.core.app;

/// Apps for tests: small ones, to which a test adds what it is about.
public final class SampleApps {
  private SampleApps() {}

  /// An app of one instance that sleeps, with a tenth of a core, 32 MiB and no ports.
  public static AppSpec sleeper(String id) {
    return AppSpec.builder(PathId.of(id), new Command.Shell("sleep 100"))
        .resources(Resources.of(0.1, 32, 0, 0))
        .build();
  }
}
