package dev.slipway.bench.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// kube-scheduler as a program of this machine. It places every pod of the cluster that has no
/// node, until it is closed.
public final class KubeScheduler implements AutoCloseable {
  private static final String NAME = "kube-scheduler";

  private final Daemon daemon;

  private KubeScheduler(Daemon daemon) {
    this.daemon = daemon;
  }

  /// How many calls of the API it allows itself.
  public enum Pace {
    /// 50 a second, as it has it when nobody sets it.
    AS_SHIPPED("50", "100"),

    /// More than it reaches.
    UNBOUND("20000", "20000");

    private final String rate;
    private final String burst;

    Pace(String rate, String burst) {
      this.rate = rate;
      this.burst = burst;
    }
  }

  /// @param directory for its log
  public static KubeScheduler start(Assets assets, Path kubeconfig, Pace pace, Path directory) {
    assets.require(NAME);
    return new KubeScheduler(
        Daemon.start(
            NAME,
            directory,
            assets.program(NAME),
            List.of(
                "--kubeconfig=" + kubeconfig,
                "--leader-elect=false",
                "--port=0",
                "--secure-port=0",
                "--kube-api-qps=" + pace.rate,
                "--kube-api-burst=" + pace.burst)));
  }

  public void requireAlive() {
    daemon.requireAlive();
  }

  public Duration processorTime() {
    return daemon.processorTime();
  }

  @Override
  public void close() {
    daemon.close();
  }
}
