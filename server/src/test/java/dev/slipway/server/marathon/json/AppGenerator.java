package dev.slipway.server.marathon.json;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.AppSpecBuilder;
import dev.slipway.core.app.BackoffPolicy;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Container.PortMapping;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.KillSelection;
import dev.slipway.core.app.MesosFields;
import dev.slipway.core.app.Network;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.ReadinessCheck;
import dev.slipway.core.app.ResourceLimits;
import dev.slipway.core.app.ResourceLimits.Limit;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.RestartPolicy;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.Secrets;
import dev.slipway.core.app.StatusCheck;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.app.UpgradeStrategy;
import dev.slipway.core.app.Volume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Apps that Marathon would take, over all fields, the same for a seed each time.
final class AppGenerator {
  private final SplittableRandom random;
  private final Lots lots;

  AppGenerator(long seed) {
    random = new SplittableRandom(seed);
    lots = new Lots(random);
  }

  AppSpec app() {
    Network.Mode mode = lots.one(Network.Mode.values());
    boolean resident = lots.chance();
    Optional<Container> container =
        mode != Network.Mode.HOST || resident || lots.chance()
            ? Optional.of(container(mode, resident))
            : Optional.empty();
    boolean hasImage = container.flatMap(Container::image).isPresent();
    var builder =
        AppSpec.builder(PathId.of("/team/app" + random.nextInt(100)), command(hasImage))
            .container(container)
            .networks(networks(mode))
            .ports(mode == Network.Mode.HOST ? ports() : List.of())
            .requirePorts(mode == Network.Mode.HOST && lots.chance())
            .instances(random.nextInt(50));
    describeMachine(builder, container);
    describeScheduling(builder);
    describeConduct(builder, resident);
    describeChecks(builder);
    return builder.build();
  }

  private void describeMachine(AppSpecBuilder builder, Optional<Container> container) {
    boolean docker = container.filter(one -> one.kind() == Container.Kind.DOCKER).isPresent();
    Resources resources =
        new Resources(
            1 + random.nextInt(64_000),
            random.nextLong(1L << 40),
            random.nextLong(1L << 40),
            docker ? 0 : lots.chance() ? random.nextInt(1000) : 1000 * random.nextInt(4));
    builder
        .resources(resources)
        .resourceLimits(
            new ResourceLimits(limit(resources.milliCpus()), limit(resources.memBytes())))
        .env(lots.texts("VAR"))
        .secrets(secrets())
        .labels(lots.texts("label."))
        .fetch(lots.list(this::fetch))
        .user(lots.maybe(() -> "user" + random.nextInt(9)))
        .tty(lots.chance())
        .dependencies(new TreeSet<>(lots.list(() -> PathId.of("/team/d" + random.nextInt(9)))))
        .constraints(lots.list(this::constraint))
        .preferences(lots.list(() -> new Preference(constraint(), 1 + random.nextInt(100))))
        .killSelection(lots.one(KillSelection.values()))
        .mesos(mesos());
  }

  private void describeScheduling(AppSpecBuilder builder) {
    boolean daemon = lots.chance();
    builder.scheduling(
        new Scheduling(
            lots.list(() -> new Scheduling.Spread("@zone", 1 + random.nextInt(9), weight())),
            lots.list(this::affinity),
            lots.list(this::affinity),
            lots.chance() ? random.nextInt(2001) - 1000 : 0,
            daemon,
            !daemon && lots.chance(),
            lots.chance()));
    if (daemon) {
      builder.instances(1);
    }
  }

  private Scheduling.Affinity affinity() {
    return new Scheduling.Affinity(
        PathId.of("/team/d" + random.nextInt(9)), lots.chance() ? "hostname" : "rack", weight());
  }

  private OptionalInt weight() {
    return lots.chance() ? OptionalInt.of(1 + random.nextInt(100)) : OptionalInt.empty();
  }

  private void describeConduct(AppSpecBuilder builder, boolean resident) {
    Optional<Duration> deadline = lots.maybe(() -> lots.duration().plusMillis(1));
    Rollout.OnFailure onFailure =
        deadline.isPresent() ? lots.one(Rollout.OnFailure.values()) : Rollout.OnFailure.NONE;
    Duration inactive = lots.duration();
    builder
        .upgradeStrategy(new UpgradeStrategy(lots.share(), resident ? 0 : lots.share()))
        .rollout(new Rollout(Optional.empty(), deadline, onFailure))
        .backoff(
            new BackoffPolicy(
                lots.duration(),
                1 + lots.share(),
                lots.duration(),
                lots.chance() ? lots.duration() : Duration.ZERO,
                lots.chance() ? lots.share() : 0))
        .restartPolicy(lots.one(RestartPolicy.values()))
        .unreachableStrategy(
            resident || lots.chance()
                ? new UnreachableStrategy.Disabled()
                : new UnreachableStrategy.Replaced(inactive, inactive.plus(lots.duration())))
        .taskKillGracePeriod(lots.maybe(lots::duration));
  }

  private void describeChecks(AppSpecBuilder builder) {
    AppSpec app = builder.build();
    int ports = app.servicePorts().size();
    boolean docker = app.container().filter(one -> one.kind() == Container.Kind.DOCKER).isPresent();
    List<HealthCheck> checks =
        new ArrayList<>(lots.list(() -> check(ports, HealthCheck.Origin.PLATFORM)));
    if (lots.chance()) {
      checks.add(
          new HealthCheck(
              lots.chance()
                  ? new HealthCheck.Probe.Tcp(target(ports))
                  : new HealthCheck.Probe.Http(lots.chance(), "/h", target(ports)),
              lots.duration(),
              lots.duration().plusMillis(1),
              lots.duration().plusMillis(1),
              random.nextInt(5),
              lots.chance(),
              new HealthCheck.Origin(true, lots.duration(), docker && lots.chance())));
    }
    builder.healthChecks(checks);
    if (!docker && lots.chance()) {
      builder.check(
          Optional.of(
              new StatusCheck(
                  probe(ports),
                  lots.duration().plusMillis(1),
                  lots.duration().plusMillis(1),
                  lots.duration())));
    }
    List<String> names =
        app.isOnHostNetwork()
            ? app.ports().stream().flatMap(port -> port.name().stream()).toList()
            : app.portMappings().stream().flatMap(port -> port.name().stream()).toList();
    if (!names.isEmpty() && lots.chance()) {
      Duration timeout = lots.duration().plusMillis(1);
      builder.rollout(
          new Rollout(
              Optional.of(
                  new ReadinessCheck(
                      "ready" + random.nextInt(9),
                      lots.chance(),
                      "/ready",
                      names.getFirst(),
                      timeout.plusMillis(1 + random.nextInt(1000)),
                      timeout,
                      IntStream.range(0, 1 + random.nextInt(3)).mapToObj(i -> 200 + i).toList(),
                      lots.chance())),
              app.rollout().progressDeadline(),
              app.rollout().onFailure()));
    }
  }

  private HealthCheck check(int ports, HealthCheck.Origin origin) {
    HealthCheck.Probe probe = probe(ports);
    return new HealthCheck(
        probe,
        lots.duration(),
        lots.duration().plusMillis(1),
        lots.duration().plusMillis(1),
        random.nextInt(5),
        lots.chance(),
        origin);
  }

  private HealthCheck.Probe probe(int ports) {
    return switch (random.nextInt(3)) {
      case 0 ->
          new HealthCheck.Probe.Http(
              lots.chance(), "/health?n=" + random.nextInt(9), target(ports));
      case 1 -> new HealthCheck.Probe.Tcp(target(ports));
      default -> new HealthCheck.Probe.Exec("test -f 'ok " + random.nextInt(9) + "'");
    };
  }

  private HealthCheck.Target target(int ports) {
    return ports == 0 || lots.chance()
        ? new HealthCheck.Target(Optional.of(1 + random.nextInt(65535)), 0)
        : new HealthCheck.Target(Optional.empty(), random.nextInt(ports));
  }

  private Command command(boolean hasImage) {
    return switch (random.nextInt(hasImage ? 3 : 2)) {
      case 0 -> new Command.Shell("echo \"ä $PORT\" && sleep " + random.nextInt(9));
      case 1 -> new Command.Arguments(List.of("/bin/run", "--n", "" + random.nextInt(9), ""));
      default -> new Command.ImageDefault();
    };
  }

  private Container container(Network.Mode mode, boolean resident) {
    Container.Kind kind = lots.one(Container.Kind.values());
    boolean docker = kind == Container.Kind.DOCKER;
    return new Container(
        kind,
        docker || lots.chance() ? Optional.of(image(docker)) : Optional.empty(),
        volumes(resident),
        mode == Network.Mode.HOST ? List.of() : mappings(mode),
        lots.maybe(() -> "{\"seccomp\":{\"unconfined\":" + lots.chance() + "}}"));
  }

  private Container.Image image(boolean docker) {
    return new Container.Image(
        "registry.example.org/team/app:" + random.nextInt(99),
        lots.chance(),
        lots.chance(),
        docker
            ? lots.list(() -> new Container.Parameter("env", "A=" + random.nextInt(9)))
            : List.of(),
        docker ? Optional.empty() : lots.maybe(() -> "pw0"),
        lots.maybe(() -> new Container.Credential("me", lots.maybe(() -> "hush"))));
  }

  private List<Volume> volumes(boolean resident) {
    List<Volume> result = new ArrayList<>();
    if (resident) {
      result.add(persistent());
    }
    if (lots.chance()) {
      result.add(new Volume.Host("/etc/x", lots.chance() ? "/var/x" : "data", lots.chance()));
    }
    if (lots.chance()) {
      result.add(
          new Volume.External(
              "/ext",
              lots.chance(),
              "vol" + random.nextInt(9),
              "dvdi",
              lots.texts("dvdi/"),
              lots.maybe(() -> 1024L * random.nextInt(100))));
    }
    if (lots.chance()) {
      result.add(new Volume.SecretFile("conf/pw", "pw0"));
    }
    return result;
  }

  private Volume persistent() {
    Volume.Disk disk = lots.one(Volume.Disk.values());
    long size = 1L + random.nextInt(10_000);
    return new Volume.Persistent(
        "data",
        disk,
        size,
        disk == Volume.Disk.MOUNT ? lots.maybe(() -> size + 1) : Optional.empty(),
        lots.maybe(() -> "ssd"),
        disk == Volume.Disk.ROOT
            ? List.of()
            : lots.list(
                () -> new Constraint("path", Constraint.Operator.LIKE, Optional.of("/mnt/.*"))));
  }

  private List<Network> networks(Network.Mode mode) {
    return switch (mode) {
      case HOST -> List.of(Network.HOST);
      case BRIDGE -> List.of(new Network(mode, Optional.empty(), lots.texts("net.")));
      case CONTAINER -> List.of(new Network(mode, Optional.of("overlay"), lots.texts("net.")));
    };
  }

  private List<PortDefinition> ports() {
    int count = random.nextInt(4);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new PortDefinition(
                    lots.chance() ? 0 : 10_000 + i,
                    protocol(),
                    lots.maybe(() -> "port" + i),
                    lots.texts("p.")))
        .toList();
  }

  private List<PortMapping> mappings(Network.Mode mode) {
    int count = random.nextInt(4);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new PortMapping(
                    random.nextInt(65536),
                    mode == Network.Mode.BRIDGE || lots.chance()
                        ? Optional.of(lots.chance() ? 0 : 31_000 + i)
                        : Optional.empty(),
                    lots.chance() ? 0 : 10_000 + i,
                    protocol(),
                    lots.maybe(() -> "port" + i),
                    lots.texts("p."),
                    mode == Network.Mode.CONTAINER && lots.chance()
                        ? List.of("overlay")
                        : List.of()))
        .toList();
  }

  private String protocol() {
    return lots.one(new String[] {"tcp", "udp", "udp,tcp"});
  }

  private Secrets secrets() {
    var sources = new TreeMap<String, String>();
    sources.put("pw0", "team/pw");
    var environment = new TreeMap<String, String>();
    if (lots.chance()) {
      environment.put("SECRET", "pw0");
    }
    return new Secrets(sources, environment);
  }

  private Fetch fetch() {
    return new Fetch(
        "https://example.org/a" + random.nextInt(9) + ".tgz",
        lots.chance(),
        lots.chance(),
        lots.chance(),
        lots.maybe(() -> "bin/x"),
        lots.maybe(() -> "0123456789abcdef".repeat(4)));
  }

  private Constraint constraint() {
    return switch (random.nextInt(5)) {
      case 0 -> new Constraint("hostname", Constraint.Operator.UNIQUE, Optional.empty());
      case 1 -> new Constraint("@zone", Constraint.Operator.GROUP_BY, lots.maybe(() -> "3"));
      case 2 -> new Constraint("rack", Constraint.Operator.LIKE, Optional.of("[ab]+"));
      case 3 -> new Constraint("rack", Constraint.Operator.MAX_PER, Optional.of("2"));
      default -> new Constraint("rack", Constraint.Operator.IS, Optional.of("a/1"));
    };
  }

  private MesosFields mesos() {
    Optional<String> role = lots.maybe(() -> "team");
    return new MesosFields(
        lots.maybe(() -> "//cmd"),
        lots.maybe(() -> "{\"cpus\":0.1,\"mem\":32}"),
        role,
        role.isPresent() && lots.chance()
            ? List.of("*", "team")
            : lots.chance() ? List.of("*") : List.of());
  }

  private Optional<Limit> limit(long atLeast) {
    return lots.maybe(
        () ->
            lots.chance()
                ? new Limit.Unlimited()
                : new Limit.AtMost(atLeast + random.nextInt(100_000)));
  }
}
