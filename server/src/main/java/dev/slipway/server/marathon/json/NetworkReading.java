package dev.slipway.server.marathon.json;

import dev.slipway.core.app.Container.PortMapping;
import dev.slipway.core.app.Network;
import dev.slipway.core.app.PortDefinition;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads `networks`, `container` and the ports, and what clients of Marathon before 1.5 say
/// instead: `ipAddress` and `container.docker.network` (`AppNormalization.NetworkTranslation`).
final class NetworkReading {
  private static final Map<String, Network.Mode> MODES = new LinkedHashMap<>();

  /// What Marathon's clients call a bridge of Mesos's own containers in `ipAddress.networkName`.
  private static final String MESOS_BRIDGE = "mesos-bridge";

  private static final Set<String> OLD_NETWORKS = Set.of("BRIDGE", "HOST", "NONE", "USER");

  static {
    MODES.put("host", Network.Mode.HOST);
    MODES.put("container", Network.Mode.CONTAINER);
    MODES.put("container/bridge", Network.Mode.BRIDGE);
  }

  private final Fields fields;
  private final Optional<Fields> ipAddress;
  private final Optional<String> dockerNetwork;

  private NetworkReading(Fields fields) {
    this.fields = fields;
    this.ipAddress = fields.object("ipAddress");
    this.dockerNetwork =
        fields
            .object("container")
            .flatMap(container -> container.object("docker"))
            .flatMap(docker -> docker.text("network"));
  }

  static Attachment read(Fields fields) {
    return new NetworkReading(fields).attachment();
  }

  private Attachment attachment() {
    Optional<List<Network>> networks =
        fields.list(
            "networks",
            AppLimits.NETWORKS,
            (node, path) -> Fields.of(node, path, fields.faults()).flatMap(NetworkReading::one));
    checkMixture(networks.orElse(List.of()));
    Optional<List<Network>> attached = networks.filter(list -> !list.isEmpty());
    if (attached.isEmpty()) {
      attached = translated().or(() -> networks);
    }
    attached.ifPresent(this::check);
    Optional<List<PortDefinition>> ports = PortReading.read(fields);
    if (ipAddress.isPresent() && ports.filter(list -> !list.isEmpty()).isPresent()) {
      fields.wrong("cannot specify both an IP address and port");
    }
    return new Attachment(container(), attached, ports, fields.flag("requirePorts"));
  }

  private void checkMixture(List<Network> networks) {
    if (dockerNetwork.isPresent() && !networks.isEmpty()) {
      fields.wrong("must not specify both container.docker.network and networks");
    }
    if (ipAddress.isPresent() && !networks.isEmpty()) {
      fields.wrong("must not specify both networks and ipAddress");
    }
  }

  private static Optional<Network> one(Fields fields) {
    Network.Mode mode = fields.word("mode", MODES).orElse(Network.Mode.CONTAINER);
    Optional<String> name = fields.text("name").filter(text -> !text.isEmpty());
    if (name.isPresent()
        && !fields.isShort(name.get(), fields.path("name"), AppLimits.NAME_LENGTH)) {
      return Optional.empty();
    }
    var labels = fields.texts("labels", AppLimits.LABELS).orElseGet(TreeMap::new);
    return Optional.of(new Network(mode, name, labels));
  }

  /// The older forms in the newer one.
  private Optional<List<Network>> translated() {
    if (dockerNetwork.isPresent() && !OLD_NETWORKS.contains(dockerNetwork.get())) {
      fields
          .faults()
          .value(
              fields.path("container/docker/network"), "must be one of BRIDGE, HOST, NONE, USER");
      return Optional.empty();
    }
    SortedMap<String, String> labels =
        ipAddress.flatMap(ip -> ip.texts("labels", AppLimits.LABELS)).orElseGet(TreeMap::new);
    Optional<String> name = ipAddress.flatMap(ip -> ip.text("networkName"));
    if (dockerNetwork.isPresent()) {
      return translated(dockerNetwork.get(), name, labels);
    }
    if (ipAddress.isEmpty()) {
      return Optional.empty();
    }
    return name.filter(MESOS_BRIDGE::equals).isPresent()
        ? one(Network.Mode.BRIDGE, Optional.empty(), labels)
        : one(Network.Mode.CONTAINER, name, labels);
  }

  private Optional<List<Network>> translated(
      String network, Optional<String> name, SortedMap<String, String> labels) {
    return switch (network) {
      case "HOST" -> Optional.of(List.of(Network.HOST));
      case "BRIDGE" -> one(Network.Mode.BRIDGE, Optional.empty(), labels);
      case "USER" -> one(Network.Mode.CONTAINER, name, labels);
      default -> {
        fields
            .faults()
            .value(
                fields.path("container/docker/network"),
                "unsupported docker network type " + network);
        yield Optional.empty();
      }
    };
  }

  private static Optional<List<Network>> one(
      Network.Mode mode, Optional<String> name, SortedMap<String, String> labels) {
    return Optional.of(List.of(new Network(mode, name, labels)));
  }

  /// `NetworkValidation.ramlNetworksValidator`.
  private void check(List<Network> networks) {
    List<Network> hosts = of(networks, Network.Mode.HOST);
    List<Network> bridges = of(networks, Network.Mode.BRIDGE);
    List<Network> others = of(networks, Network.Mode.CONTAINER);
    if (hosts.stream().anyMatch(one -> one.name().isPresent() || !one.labels().isEmpty())) {
      fields.wrong("networks", "Host networks may not have names or labels");
    }
    if (bridges.stream().anyMatch(one -> one.name().isPresent())) {
      fields.wrong("networks", "Bridge networks may not have names");
    }
    if (others.stream().anyMatch(one -> one.name().isEmpty())) {
      fields.wrong(
          "networks", "Network name must be specified when container network is selected.");
    }
    Set<String> names = new HashSet<>();
    if (others.stream().flatMap(one -> one.name().stream()).anyMatch(name -> !names.add(name))) {
      fields.wrong("networks", "Duplicate networks are not allowed");
    }
    boolean single = hosts.size() + bridges.size() <= 1 && others.isEmpty();
    boolean several = hosts.isEmpty() && bridges.isEmpty();
    if (!single && !several) {
      fields.wrong(
          "networks",
          "May specify a single host network, single bridge network, or else 1-to-n container"
              + " networks");
    }
  }

  private static List<Network> of(List<Network> networks, Network.Mode mode) {
    return networks.stream().filter(network -> network.mode() == mode).toList();
  }

  private Optional<ContainerPart> container() {
    Optional<ContainerPart> given = ContainerReading.read(fields);
    Optional<ContainerPart> container =
        given.or(() -> ipAddress.map(address -> ContainerPart.IMAGELESS));
    List<PortMapping> discovered =
        ipAddress
            .flatMap(ip -> ip.object("discovery"))
            .flatMap(this::discoveryPorts)
            .orElse(List.of());
    if (discovered.isEmpty() || container.isEmpty()) {
      return container;
    }
    if (container.get().portMappings().filter(list -> !list.isEmpty()).isPresent()) {
      fields.wrong("container.portMappings and ipAddress.discovery.ports must not both be set");
    }
    return container.map(one -> one.with(discovered));
  }

  private Optional<List<PortMapping>> discoveryPorts(Fields discovery) {
    boolean docker =
        fields
            .object("container")
            .filter(container -> !container.text("type").orElse("DOCKER").equals("MESOS"))
            .isPresent();
    if (docker) {
      fields.wrong("ipAddress", "ipAddress/discovery is not allowed for Docker containers");
      return Optional.empty();
    }
    return discovery.list(
        "ports",
        AppLimits.PORTS,
        (node, path) -> Fields.of(node, path, fields.faults()).map(PortReading::discovered));
  }
}
