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
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Apps that Marathon would take, over all fields, the same for a seed each time.
final class AppGenerator {
  private final SplittableRandom random;

  AppGenerator(long seed) {
    random = new SplittableRandom(seed);
  }

  AppSpec app() {
    Network.Mode mode = one(Network.Mode.values());
    boolean resident = chance();
    Optional<Container> container =
        mode != Network.Mode.HOST || resident || chance()
            ? Optional.of(container(mode, resident))
            : Optional.empty();
    boolean hasImage = container.flatMap(Container::image).isPresent();
    var builder =
        AppSpec.builder(PathId.of("/team/app" + random.nextInt(100)), command(hasImage))
            .container(container)
            .networks(networks(mode))
            .ports(mode == Network.Mode.HOST ? ports() : List.of())
            .requirePorts(mode == Network.Mode.HOST && chance())
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
            docker ? 0 : chance() ? random.nextInt(1000) : 1000 * random.nextInt(4));
    builder
        .resources(resources)
        .resourceLimits(
            new ResourceLimits(limit(resources.milliCpus()), limit(resources.memBytes())))
        .env(texts("VAR"))
        .secrets(secrets())
        .labels(texts("label."))
        .fetch(list(this::fetch))
        .user(maybe(() -> "user" + random.nextInt(9)))
        .tty(chance())
        .dependencies(new TreeSet<>(list(() -> PathId.of("/team/d" + random.nextInt(9)))))
        .constraints(list(this::constraint))
        .preferences(list(() -> new Preference(constraint(), 1 + random.nextInt(100))))
        .killSelection(one(KillSelection.values()))
        .mesos(mesos());
  }

  private void describeScheduling(AppSpecBuilder builder) {
    boolean daemon = chance();
    builder.scheduling(
        new Scheduling(
            list(() -> new Scheduling.Spread("@zone", 1 + random.nextInt(9), weight())),
            list(this::affinity),
            list(this::affinity),
            chance() ? random.nextInt(2001) - 1000 : 0,
            daemon,
            !daemon && chance()));
    if (daemon) {
      builder.instances(1);
    }
  }

  private Scheduling.Affinity affinity() {
    return new Scheduling.Affinity(
        PathId.of("/team/d" + random.nextInt(9)), chance() ? "hostname" : "rack", weight());
  }

  private OptionalInt weight() {
    return chance() ? OptionalInt.of(1 + random.nextInt(100)) : OptionalInt.empty();
  }

  private void describeConduct(AppSpecBuilder builder, boolean resident) {
    Optional<Duration> deadline = maybe(() -> duration().plusMillis(1));
    Rollout.OnFailure onFailure =
        deadline.isPresent() ? one(Rollout.OnFailure.values()) : Rollout.OnFailure.NONE;
    Duration inactive = duration();
    builder
        .upgradeStrategy(new UpgradeStrategy(share(), resident ? 0 : share()))
        .rollout(new Rollout(Optional.empty(), deadline, onFailure))
        .backoff(
            new BackoffPolicy(
                duration(),
                1 + share(),
                duration(),
                chance() ? duration() : Duration.ZERO,
                chance() ? share() : 0))
        .restartPolicy(one(RestartPolicy.values()))
        .unreachableStrategy(
            resident || chance()
                ? new UnreachableStrategy.Disabled()
                : new UnreachableStrategy.Replaced(inactive, inactive.plus(duration())))
        .taskKillGracePeriod(maybe(this::duration));
  }

  private void describeChecks(AppSpecBuilder builder) {
    AppSpec app = builder.build();
    int ports = app.servicePorts().size();
    boolean docker = app.container().filter(one -> one.kind() == Container.Kind.DOCKER).isPresent();
    List<HealthCheck> checks =
        new ArrayList<>(list(() -> check(ports, HealthCheck.Origin.PLATFORM)));
    if (chance()) {
      checks.add(
          new HealthCheck(
              chance()
                  ? new HealthCheck.Probe.Tcp(target(ports))
                  : new HealthCheck.Probe.Http(chance(), "/h", target(ports)),
              duration(),
              duration().plusMillis(1),
              duration().plusMillis(1),
              random.nextInt(5),
              chance(),
              new HealthCheck.Origin(true, duration(), docker && chance())));
    }
    builder.healthChecks(checks);
    if (!docker && chance()) {
      builder.check(
          Optional.of(
              new StatusCheck(
                  probe(ports), duration().plusMillis(1), duration().plusMillis(1), duration())));
    }
    List<String> names =
        app.isOnHostNetwork()
            ? app.ports().stream().flatMap(port -> port.name().stream()).toList()
            : app.portMappings().stream().flatMap(port -> port.name().stream()).toList();
    if (!names.isEmpty() && chance()) {
      Duration timeout = duration().plusMillis(1);
      builder.rollout(
          new Rollout(
              Optional.of(
                  new ReadinessCheck(
                      "ready" + random.nextInt(9),
                      chance(),
                      "/ready",
                      names.getFirst(),
                      timeout.plusMillis(1 + random.nextInt(1000)),
                      timeout,
                      IntStream.range(0, 1 + random.nextInt(3)).mapToObj(i -> 200 + i).toList(),
                      chance())),
              app.rollout().progressDeadline(),
              app.rollout().onFailure()));
    }
  }

  private HealthCheck check(int ports, HealthCheck.Origin origin) {
    HealthCheck.Probe probe = probe(ports);
    return new HealthCheck(
        probe,
        duration(),
        duration().plusMillis(1),
        duration().plusMillis(1),
        random.nextInt(5),
        chance(),
        origin);
  }

  private HealthCheck.Probe probe(int ports) {
    return switch (random.nextInt(3)) {
      case 0 ->
          new HealthCheck.Probe.Http(chance(), "/health?n=" + random.nextInt(9), target(ports));
      case 1 -> new HealthCheck.Probe.Tcp(target(ports));
      default -> new HealthCheck.Probe.Exec("test -f 'ok " + random.nextInt(9) + "'");
    };
  }

  private HealthCheck.Target target(int ports) {
    return ports == 0 || chance()
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
    Container.Kind kind = one(Container.Kind.values());
    boolean docker = kind == Container.Kind.DOCKER;
    return new Container(
        kind,
        docker || chance() ? Optional.of(image(docker)) : Optional.empty(),
        volumes(resident),
        mode == Network.Mode.HOST ? List.of() : mappings(mode),
        maybe(() -> "{\"seccomp\":{\"unconfined\":" + chance() + "}}"));
  }

  private Container.Image image(boolean docker) {
    return new Container.Image(
        "registry.example.org/team/app:" + random.nextInt(99),
        chance(),
        chance(),
        docker ? list(() -> new Container.Parameter("env", "A=" + random.nextInt(9))) : List.of(),
        docker ? Optional.empty() : maybe(() -> "pw0"),
        maybe(() -> new Container.Credential("me", maybe(() -> "hush"))));
  }

  private List<Volume> volumes(boolean resident) {
    List<Volume> result = new ArrayList<>();
    if (resident) {
      result.add(persistent());
    }
    if (chance()) {
      result.add(new Volume.Host("/etc/x", chance() ? "/var/x" : "data", chance()));
    }
    if (chance()) {
      result.add(
          new Volume.External(
              "/ext",
              chance(),
              "vol" + random.nextInt(9),
              "dvdi",
              texts("dvdi/"),
              maybe(() -> 1024L * random.nextInt(100))));
    }
    if (chance()) {
      result.add(new Volume.SecretFile("conf/pw", "pw0"));
    }
    return result;
  }

  private Volume persistent() {
    Volume.Disk disk = one(Volume.Disk.values());
    long size = 1L + random.nextInt(10_000);
    return new Volume.Persistent(
        "data",
        disk,
        size,
        disk == Volume.Disk.MOUNT ? maybe(() -> size + 1) : Optional.empty(),
        maybe(() -> "ssd"),
        disk == Volume.Disk.ROOT
            ? List.of()
            : list(() -> new Constraint("path", Constraint.Operator.LIKE, Optional.of("/mnt/.*"))));
  }

  private List<Network> networks(Network.Mode mode) {
    return switch (mode) {
      case HOST -> List.of(Network.HOST);
      case BRIDGE -> List.of(new Network(mode, Optional.empty(), texts("net.")));
      case CONTAINER -> List.of(new Network(mode, Optional.of("overlay"), texts("net.")));
    };
  }

  private List<PortDefinition> ports() {
    int count = random.nextInt(4);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new PortDefinition(
                    chance() ? 0 : 10_000 + i, protocol(), maybe(() -> "port" + i), texts("p.")))
        .toList();
  }

  private List<PortMapping> mappings(Network.Mode mode) {
    int count = random.nextInt(4);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new PortMapping(
                    random.nextInt(65536),
                    mode == Network.Mode.BRIDGE || chance()
                        ? Optional.of(chance() ? 0 : 31_000 + i)
                        : Optional.empty(),
                    chance() ? 0 : 10_000 + i,
                    protocol(),
                    maybe(() -> "port" + i),
                    texts("p."),
                    mode == Network.Mode.CONTAINER && chance() ? List.of("overlay") : List.of()))
        .toList();
  }

  private String protocol() {
    return one(new String[] {"tcp", "udp", "udp,tcp"});
  }

  private Secrets secrets() {
    var sources = new TreeMap<String, String>();
    sources.put("pw0", "team/pw");
    var environment = new TreeMap<String, String>();
    if (chance()) {
      environment.put("SECRET", "pw0");
    }
    return new Secrets(sources, environment);
  }

  private Fetch fetch() {
    return new Fetch(
        "https://example.org/a" + random.nextInt(9) + ".tgz",
        chance(),
        chance(),
        chance(),
        maybe(() -> "bin/x"),
        maybe(() -> "0123456789abcdef".repeat(4)));
  }

  private Constraint constraint() {
    return switch (random.nextInt(5)) {
      case 0 -> new Constraint("hostname", Constraint.Operator.UNIQUE, Optional.empty());
      case 1 -> new Constraint("@zone", Constraint.Operator.GROUP_BY, maybe(() -> "3"));
      case 2 -> new Constraint("rack", Constraint.Operator.LIKE, Optional.of("[ab]+"));
      case 3 -> new Constraint("rack", Constraint.Operator.MAX_PER, Optional.of("2"));
      default -> new Constraint("rack", Constraint.Operator.IS, Optional.of("a/1"));
    };
  }

  private MesosFields mesos() {
    Optional<String> role = maybe(() -> "team");
    return new MesosFields(
        maybe(() -> "//cmd"),
        maybe(() -> "{\"cpus\":0.1,\"mem\":32}"),
        role,
        role.isPresent() && chance() ? List.of("*", "team") : chance() ? List.of("*") : List.of());
  }

  private Optional<Limit> limit(long atLeast) {
    return maybe(
        () ->
            chance() ? new Limit.Unlimited() : new Limit.AtMost(atLeast + random.nextInt(100_000)));
  }

  private SortedMap<String, String> texts(String prefix) {
    SortedMap<String, String> result = new TreeMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      result.put(prefix + i, chance() ? "" : "value \"" + random.nextInt(9) + "\" ü");
    }
    return result;
  }

  private Duration duration() {
    return Duration.ofMillis(chance() ? 1000L * random.nextInt(3600) : random.nextInt(100_000));
  }

  private double share() {
    return random.nextInt(101) / 100.0;
  }

  private boolean chance() {
    return random.nextBoolean();
  }

  private <T> Optional<T> maybe(Supplier<T> value) {
    return chance() ? Optional.of(value.get()) : Optional.empty();
  }

  private <T> List<T> list(Supplier<T> value) {
    List<T> result = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      result.add(value.get());
    }
    return result;
  }

  private <T> T one(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
