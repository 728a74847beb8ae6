package dev.slipway.core.app;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Apps for tests: small ones, to which a test adds what it is about.
public final class SampleApps {
  private SampleApps() {}

  /// An app of one instance that sleeps, with a tenth of a core, 32 MiB and no ports.
  public static AppSpec sleeper(String id) {
    return new AppSpec(
        PathId.of(id),
        new Command.Shell("sleep 100"),
        Resources.of(0.1, 32, 0, 0),
        1,
        new TreeMap<>(),
        new TreeMap<>(),
        List.of(),
        Optional.empty(),
        List.of(),
        false,
        List.of(),
        UpgradeStrategy.DEFAULT,
        BackoffPolicy.DEFAULT,
        Optional.empty(),
        new TreeSet<>(),
        List.of(),
        KillSelection.YOUNGEST_FIRST);
  }
}
