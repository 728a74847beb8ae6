package dev.slipway.server.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.StatusCheck;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Input;
import dev.slipway.core.health.HealthRecord;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.server.control.LoopClock;
import dev.slipway.server.control.Published;
import dev.slipway.server.marathon.MemoryPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Checks of all kinds, asked of instances on this machine.
class HealthProberTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int MORE_THAN_ALL_ROOM = HealthProber.MAX_PROBES + 44;
  private static final HealthCheck.Target FIRST_PORT = new HealthCheck.Target(Optional.empty(), 0);

  private final MemoryPlatform platform = new MemoryPlatform();
  private final AtomicLong sequence = new AtomicLong();
  private final StuckEngine engine = new StuckEngine();
  private final BlockingQueue<Input> sights = new LinkedBlockingQueue<>();
  private final HealthProber prober =
      new HealthProber(
          () -> new Published(platform.state(), sequence.get()),
          sights::add,
          engine,
          new LoopClock());

  @BeforeEach
  void start() {
    // Such that its address is this machine's own.
    platform.nodeAt("n1", "127.0.0.1");
    prober.start();
  }

  @AfterEach
  void close() {
    prober.close();
    engine.close();
  }

  private static AppSpec app(String id, int instances) {
    return AppSpec.builder(PathId.of(id), new Command.Shell("serve"))
        .instances(instances)
        .resources(Resources.of(0.001, 1, 0, 0))
        .ports(List.of(PortDefinition.any()))
        .build();
  }

  private void deploy(AppSpec app) {
    platform.submit(
        new Input.ChangeApps(
            List.of(new AppChange(app.id(), before -> new AppChange.Result.Revised(app))),
            Input.Expectation.ANY,
            true));
    platform.settle();
    sequence.incrementAndGet();
  }

  private static HealthCheck check(HealthCheck.Probe probe, Duration timeout) {
    return new HealthCheck(
        probe,
        Duration.ZERO,
        Duration.ofMillis(50),
        timeout,
        0,
        false,
        HealthCheck.Origin.PLATFORM);
  }

  private static StatusCheck status(String line, Duration timeout) {
    return new StatusCheck(
        new HealthCheck.Probe.Exec(line), Duration.ofMillis(50), timeout, Duration.ZERO);
  }

  private InstanceId only(String app) {
    return platform.instances(app).getFirst().id();
  }

  private Optional<HealthRecord> record(String app) {
    return prober.of(only(app)).map(List::getFirst).filter(HealthRecord::known);
  }

  @Test
  void checksThatAreOnlyShownHoldUpNoneThatDecides() throws IOException {
    deploy(
        app("/shown", MORE_THAN_ALL_ROOM).toBuilder()
            .check(Optional.of(status("sleep", LONG)))
            .build());
    await().until(() -> engine.commands.get() == HealthProber.MAX_STATUS_CHECKS);

    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var target = new HealthCheck.Target(Optional.of(server.getLocalPort()), 0);
      var tcp = check(new HealthCheck.Probe.Tcp(target), Duration.ofSeconds(5));
      deploy(app("/web", 1).toBuilder().healthChecks(List.of(tcp)).build());

      await().until(() -> record("/web").filter(HealthRecord::alive).isPresent());
    }
    assertThat(engine.commands).hasValue(HealthProber.MAX_STATUS_CHECKS);
  }

  @Test
  void whereNoRoomIsLeftChangesAreSeenAllTheSame() {
    var stuck = check(new HealthCheck.Probe.Exec("sleep"), LONG);
    deploy(app("/stuck", MORE_THAN_ALL_ROOM).toBuilder().healthChecks(List.of(stuck)).build());
    await().until(() -> engine.commands.get() == HealthProber.MAX_PROBES);
    InstanceId instance = only("/stuck");
    assertThat(prober.of(instance)).isPresent();

    deploy(app("/stuck", MORE_THAN_ALL_ROOM));

    await().until(() -> prober.of(instance).isEmpty());
  }

  /// Apps may be older than the rules for paths and timeouts.
  @Test
  void aCheckThatCannotBeAskedHasFailed() {
    for (String path : List.of("/a|b", "/a?x={1}", "/100%")) {
      var http = new HealthCheck.Probe.Http(false, path, FIRST_PORT);
      deploy(
          app("/web", 1).toBuilder()
              .healthChecks(List.of(check(http, Duration.ofSeconds(1))))
              .build());

      await().until(() -> record("/web").isPresent());
      HealthRecord record = record("/web").orElseThrow();
      assertThat(record.alive()).isFalse();
      assertThat(record.lastFailureCause())
          .contains("the path '" + path + "' is not that of a URL");
      deploy(app("/web", 1));
      await().until(() -> prober.of(only("/web")).isEmpty());
    }
  }

  @Test
  void aTimeoutOfManyDaysIsNoFault() throws IOException {
    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var target = new HealthCheck.Target(Optional.of(server.getLocalPort()), 0);
      var tcp = check(new HealthCheck.Probe.Tcp(target), Duration.ofSeconds(100_000_000));
      deploy(app("/web", 1).toBuilder().healthChecks(List.of(tcp)).build());

      await().until(() -> record("/web").filter(HealthRecord::alive).isPresent());
    }
  }

  @Test
  void whatAStatusCheckSaidGoesWithTheCheck() {
    var quick = status("true", Duration.ofMillis(1));
    deploy(app("/web", 1).toBuilder().check(Optional.of(quick)).build());
    await().until(() -> prober.check(only("/web")).isPresent());

    deploy(app("/web", 1).toBuilder().labels(new java.util.TreeMap<>(Map.of("a", "b"))).build());
    await().until(() -> prober.check(only("/web")).isEmpty());

    deploy(app("/web", 1).toBuilder().check(Optional.of(quick)).build());
    await().until(() -> prober.check(only("/web")).isPresent());
    // One that is asked and does not answer: what the other said is not its result.
    deploy(app("/web", 1).toBuilder().check(Optional.of(status("sleep", LONG))).build());
    await().until(() -> prober.check(only("/web")).isEmpty());
  }
}
