package dev.slipway.server.marathon.json;

import dev.slipway.core.app.Container.PortMapping;
import dev.slipway.core.app.PortDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Reads `portDefinitions`, the older `ports`, which are plain numbers, and `portMappings`.
final class PortReading {
  private static final int MOST = 65535;
  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "udp,tcp");

  private PortReading() {}

  static Optional<List<PortDefinition>> read(Fields fields) {
    Optional<List<PortDefinition>> definitions =
        fields.list(
            "portDefinitions",
            AppLimits.PORTS,
            (node, path) -> Fields.of(node, path, fields.faults()).map(PortReading::one));
    Optional<List<PortDefinition>> ports =
        fields.list(
            "ports",
            AppLimits.PORTS,
            (node, path) ->
                fields.integer(node, path).map(port -> plain(checked(port, path, fields))));
    definitions.ifPresent(list -> checkUnique(list, fields));
    if (ports.isPresent() && hasTwins(numbers(ports.get()))) {
      fields.wrong("ports must be unique");
    }
    boolean different =
        definitions.isPresent()
            && ports.isPresent()
            && !numbers(definitions.get()).equals(numbers(ports.get()));
    if (different) {
      fields.wrong("cannot specify both ports and port definitions");
    }
    return definitions.or(() -> ports);
  }

  static Optional<List<PortMapping>> mappings(Fields container) {
    Optional<List<PortMapping>> mappings =
        container.list(
            "portMappings",
            AppLimits.PORTS,
            (node, path) -> Fields.of(node, path, container.faults()).map(PortReading::mapping));
    List<Optional<String>> names =
        mappings.orElse(List.of()).stream().map(PortMapping::name).toList();
    checkNames(names, container, "portMappings");
    return mappings;
  }

  private static PortMapping mapping(Fields fields) {
    return new PortMapping(
        port(fields, "containerPort").orElse(0),
        port(fields, "hostPort"),
        port(fields, "servicePort").orElse(0),
        protocol(fields),
        name(fields),
        fields.texts("labels", AppLimits.LABELS).orElseGet(TreeMap::new),
        fields.textList("networkNames", AppLimits.NETWORKS).orElse(List.of()));
  }

  /// A port of `ipAddress.discovery`, to which no port of the host led.
  static PortMapping discovered(Fields fields) {
    return new PortMapping(
        port(fields, "number").orElse(0),
        Optional.empty(),
        0,
        protocol(fields),
        name(fields),
        fields.texts("labels", AppLimits.LABELS).orElseGet(TreeMap::new),
        List.of());
  }

  private static Optional<Integer> port(Fields fields, String name) {
    return fields.integer(name).map(port -> checked(port, fields.path(name), fields));
  }

  private static List<Integer> numbers(List<PortDefinition> definitions) {
    return definitions.stream().map(PortDefinition::port).toList();
  }

  private static PortDefinition plain(int port) {
    return new PortDefinition(port, "tcp", Optional.empty(), new TreeMap<>());
  }

  private static int checked(int port, String path, Fields fields) {
    if (port < 0 || port > MOST) {
      fields.faults().value(path, "must be a port number between 0 and 65535");
      return 0;
    }
    return port;
  }

  private static PortDefinition one(Fields fields) {
    return new PortDefinition(
        port(fields, "port").orElse(0),
        protocol(fields),
        name(fields),
        fields.texts("labels", AppLimits.LABELS).orElseGet(TreeMap::new));
  }

  private static String protocol(Fields fields) {
    String protocol = fields.text("protocol").orElse("tcp");
    if (protocol.equals("tcp,udp")) {
      return "udp,tcp";
    }
    if (!PROTOCOLS.contains(protocol)) {
      fields.wrong("protocol", "must be one of tcp, udp and 'udp,tcp'");
    }
    return protocol;
  }

  private static Optional<String> name(Fields fields) {
    Optional<String> name = fields.text("name");
    if (name.isPresent() && !AppLimits.PORT_NAME.matcher(name.get()).matches()) {
      fields.wrong("name", "must have 1 to 63 letters, digits, '-' and '_'");
    }
    return name;
  }

  private static void checkUnique(List<PortDefinition> definitions, Fields fields) {
    if (hasTwins(numbers(definitions))) {
      fields.wrong("portDefinitions", "Ports must be unique.");
    }
    checkNames(definitions.stream().map(PortDefinition::name).toList(), fields, "portDefinitions");
  }

  private static boolean hasTwins(List<Integer> ports) {
    Set<Integer> seen = new HashSet<>();
    return ports.stream().anyMatch(port -> port != 0 && !seen.add(port));
  }

  private static void checkNames(List<Optional<String>> names, Fields fields, String where) {
    Set<String> seen = new HashSet<>();
    if (names.stream().flatMap(Optional::stream).anyMatch(name -> !seen.add(name))) {
      fields.wrong(where, "Port names must be unique.");
    }
  }
}
