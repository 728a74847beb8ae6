package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Container.Image;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.Network;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.ResourceLimits;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Secrets;
import dev.slipway.core.app.Volume;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.Surroundings;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Launches to make pods of: `launch().shell("run").image("nginx:1").launch()`.
final class Launches {
  static final PathId APP = PathId.of("/shop/cart");
  static final UUID ID = UUID.fromString("0a2b3c4d-0000-4000-8000-0123456789ab");

  private Command command = new Command.Shell("exec run");
  private Resources resources = Resources.of(0.5, 64, 100, 0);
  private ResourceLimits limits = ResourceLimits.NONE;
  private Optional<String> user = Optional.empty();
  private Optional<Image> image = Optional.empty();
  private boolean tty;
  private Duration grace = Duration.ofSeconds(3);
  private UUID id = ID;
  private String node = "node1";
  private List<Network> networks = List.of(Network.HOST);
  private final Map<String, String> environment = new TreeMap<>();
  private final Map<String, String> sources = new TreeMap<>();
  private final Map<String, String> secretVariables = new TreeMap<>();
  private final List<Integer> hostPorts = new ArrayList<>();
  private final List<Volume> volumes = new ArrayList<>();
  private final List<MountedVolume> mounted = new ArrayList<>();
  private final List<Container.PortMapping> mappings = new ArrayList<>();
  private final List<Fetch> fetch = new ArrayList<>();

  static Launches launch() {
    return new Launches();
  }

  Launches command(Command given) {
    command = given;
    return this;
  }

  Launches shell(String line) {
    return command(new Command.Shell(line));
  }

  Launches arguments(String... argv) {
    return command(new Command.Arguments(List.of(argv)));
  }

  Launches resources(double cpus, double mem, double disk, double gpus) {
    resources = Resources.of(cpus, mem, disk, gpus);
    return this;
  }

  Launches limits(ResourceLimits given) {
    limits = given;
    return this;
  }

  Launches user(String name) {
    user = Optional.of(name);
    return this;
  }

  Launches tty() {
    tty = true;
    return this;
  }

  Launches grace(Duration given) {
    grace = given;
    return this;
  }

  Launches id(UUID given) {
    id = given;
    return this;
  }

  Launches node(String name) {
    node = name;
    return this;
  }

  Launches image(String name) {
    return image(new Image(name, false, false, List.of(), Optional.empty(), Optional.empty()));
  }

  Launches image(Image given) {
    image = Optional.of(given);
    return this;
  }

  /// An image with one of Docker's parameters.
  Launches parameter(String key, String value) {
    Image before =
        image.orElse(new Image("i", false, false, List.of(), Optional.empty(), Optional.empty()));
    var parameters = new ArrayList<>(before.parameters());
    parameters.add(new Container.Parameter(key, value));
    return image(
        new Image(
            before.name(),
            before.forcePull(),
            before.privileged(),
            parameters,
            before.pullSecret(),
            before.credential()));
  }

  Launches variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Launches secret(String name, String source) {
    sources.put(name, source);
    return this;
  }

  Launches secretVariable(String variable, String name) {
    secretVariables.put(variable, name);
    return this;
  }

  Launches volume(Volume volume) {
    volumes.add(volume);
    return this;
  }

  Launches mounted(MountedVolume volume) {
    mounted.add(volume);
    return this;
  }

  Launches hostPort(int port) {
    hostPorts.add(port);
    return this;
  }

  Launches network(Network.Mode mode) {
    networks = List.of(new Network(mode, Optional.empty(), new TreeMap<String, String>()));
    return this;
  }

  Launches mapping(int containerPort, Optional<Integer> hostPort, String protocol) {
    mappings.add(
        new Container.PortMapping(
            containerPort,
            hostPort,
            0,
            protocol,
            Optional.empty(),
            new TreeMap<String, String>(),
            List.of()));
    return this;
  }

  Launches fetch(Fetch artifact) {
    fetch.add(artifact);
    return this;
  }

  TaskLaunch launch(PathId app) {
    boolean contained = image.isPresent() || !volumes.isEmpty() || !mappings.isEmpty();
    Optional<Container> container =
        contained
            ? Optional.of(
                new Container(Container.Kind.MESOS, image, volumes, mappings, Optional.empty()))
            : Optional.empty();
    return new TaskLaunch(
        InstanceId.of(app, id).task(),
        app,
        new NodeId(node),
        new Epoch(3),
        command,
        new TreeMap<>(environment),
        resources,
        fetch,
        user,
        hostPorts,
        List.of(),
        new Surroundings(
            container,
            networks,
            new Secrets(new TreeMap<>(sources), new TreeMap<>(secretVariables)),
            mounted,
            limits,
            tty),
        Instant.parse("2026-01-02T03:04:05.678Z"),
        grace);
  }

  TaskLaunch build() {
    return launch(APP);
  }
}
