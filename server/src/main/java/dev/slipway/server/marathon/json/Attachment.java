package dev.slipway.server.marathon.json;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Container.PortMapping;
import dev.slipway.core.app.Network;
import dev.slipway.core.app.PortDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// What a client says of an app's container, networks and ports, in the form of Marathon 1.5. They
/// belong together: which ports an app has, and their defaults, follow from its networks
/// (`AppNormalization.scala`).
record Attachment(
    Optional<ContainerPart> container,
    Optional<List<Network>> networks,
    Optional<List<PortDefinition>> ports,
    Optional<Boolean> requirePorts) {

  static final Attachment NOTHING =
      new Attachment(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /// The same of an app, all of it said.
  record Attached(
      Optional<Container> container,
      List<Network> networks,
      List<PortDefinition> ports,
      boolean requirePorts) {}

  /// What results from what is said here and, where nothing is said, from the app as it is.
  Attached over(Optional<AppSpec> before) {
    List<Network> attached =
        networks
            .or(() -> before.map(AppSpec::networks))
            .filter(list -> !list.isEmpty())
            .orElse(List.of(Network.HOST));
    Optional<AppSpec> onHost = before.filter(AppSpec::isOnHostNetwork);
    if (attached.stream().allMatch(network -> network.mode() == Network.Mode.HOST)) {
      return new Attached(
          container
              .map(part -> part.toCore(List.of()))
              .or(
                  () ->
                      before
                          .flatMap(AppSpec::container)
                          .map(one -> one.withPortMappings(List.of()))),
          attached,
          ports.or(() -> onHost.map(AppSpec::ports)).orElseGet(() -> List.of(PortDefinition.any())),
          requirePorts.or(() -> before.map(AppSpec::requirePorts)).orElse(false));
    }
    ContainerPart part = container.or(() -> container(before)).orElse(ContainerPart.IMAGELESS);
    boolean bridged = attached.stream().anyMatch(network -> network.mode() == Network.Mode.BRIDGE);
    int definitions = ports.or(() -> onHost.map(AppSpec::ports)).map(List::size).orElse(0);
    return new Attached(
        Optional.of(part.toCore(mappings(part, bridged, definitions))), attached, List.of(), false);
  }

  /// The app's container; its mappings count only where it had a network of its own.
  private static Optional<ContainerPart> container(Optional<AppSpec> before) {
    return before.flatMap(
        spec ->
            spec.container()
                .map(
                    one ->
                        ContainerPart.of(
                            one,
                            spec.isOnHostNetwork()
                                ? Optional.empty()
                                : Optional.of(one.portMappings()))));
  }

  /// Where port definitions outnumber the mappings, further ones are added, as Marathon does for
  /// clients that know port definitions alone.
  private static List<PortMapping> mappings(ContainerPart part, boolean bridged, int definitions) {
    List<PortMapping> result =
        new ArrayList<>(
            part.portMappings().orElseGet(() -> List.of(mapping(Optional.of("default")))));
    while (result.size() < definitions) {
      result.add(mapping(Optional.empty()));
    }
    return result.stream().map(mapping -> bridged ? bridged(mapping) : mapping).toList();
  }

  private static PortMapping mapping(Optional<String> name) {
    return new PortMapping(0, Optional.empty(), 0, "tcp", name, new TreeMap<>(), List.of());
  }

  /// Behind a bridge every port has one of the host.
  private static PortMapping bridged(PortMapping mapping) {
    return mapping.hostPort().isPresent()
        ? mapping
        : new PortMapping(
            mapping.containerPort(),
            Optional.of(0),
            mapping.servicePort(),
            mapping.protocol(),
            mapping.name(),
            mapping.labels(),
            mapping.networkNames());
  }

  /// What a request that changes parts of an app may not say at once.
  List<String> contradictions() {
    List<String> result = new ArrayList<>();
    List<Network> said = networks.orElse(List.of());
    boolean host = said.stream().anyMatch(network -> network.mode() == Network.Mode.HOST);
    boolean other = said.stream().anyMatch(network -> network.mode() != Network.Mode.HOST);
    boolean mapped =
        container.flatMap(ContainerPart::portMappings).filter(one -> !one.isEmpty()).isPresent();
    if (host && mapped) {
      result.add("portMappings are not allowed with host-networking");
    }
    if (other && ports.filter(list -> !list.isEmpty()).isPresent()) {
      result.add("portDefinitions are only allowed with host-networking");
    }
    return result;
  }
}
