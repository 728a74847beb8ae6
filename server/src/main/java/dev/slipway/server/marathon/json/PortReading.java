package dev.slipway.server.marathon.json;

import dev.slipway.core.app.PortDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Reads `portDefinitions`, and the older `ports`, which are plain numbers.
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
    if (definitions.isPresent() && ports.isPresent()) {
      fields.faults().value(fields.path("ports"), "cannot specify both ports and portDefinitions");
    }
    Optional<List<PortDefinition>> result = definitions.or(() -> ports);
    String name = definitions.isPresent() ? "portDefinitions" : "ports";
    result.ifPresent(list -> checkUnique(list, fields, name));
    return result;
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
    String protocol = fields.text("protocol").orElse("tcp");
    if (!PROTOCOLS.contains(protocol)) {
      fields.faults().value(fields.path("protocol"), "must be one of tcp, udp and 'udp,tcp'");
    }
    Optional<String> name = fields.text("name");
    if (name.isPresent() && !AppLimits.PORT_NAME.matcher(name.get()).matches()) {
      fields.faults().value(fields.path("name"), "must have 1 to 63 letters, digits, '-' and '_'");
    }
    return new PortDefinition(
        checked(fields.integer("port").orElse(0), fields.path("port"), fields),
        protocol,
        name,
        fields.texts("labels", AppLimits.LABELS).orElseGet(TreeMap::new));
  }

  private static void checkUnique(List<PortDefinition> definitions, Fields fields, String where) {
    Set<Integer> ports = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (PortDefinition definition : definitions) {
      if (definition.port() != 0 && !ports.add(definition.port())) {
        fields.faults().value(fields.path(where), "Ports must be unique.");
      }
      if (definition.name().isPresent() && !names.add(definition.name().get())) {
        fields.faults().value(fields.path(where), "Port names must be unique.");
      }
    }
  }
}
