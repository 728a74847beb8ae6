package dev.slipway.server.marathon.json;

import dev.slipway.core.app.Container;
import dev.slipway.core.app.Container.PortMapping;
import dev.slipway.server.http.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads `container` (`appContainer.raml`), with the older `docker.portMappings`, which mean the
/// same as the container's own. `docker.network` is read by {@link NetworkReading}.
final class ContainerReading {
  private static final Map<String, Container.Kind> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("MESOS", Container.Kind.MESOS);
    KINDS.put("DOCKER", Container.Kind.DOCKER);
  }

  private ContainerReading() {}

  static Optional<ContainerPart> read(Fields app) {
    return app.object("container").map(ContainerReading::one);
  }

  private static ContainerPart one(Fields fields) {
    Container.Kind kind = fields.word("type", KINDS).orElse(Container.Kind.DOCKER);
    Optional<Fields> docker = fields.object("docker");
    Unavailable.checkAppc(fields);
    if (docker.isEmpty() && kind == Container.Kind.DOCKER && !fields.has("appc")) {
      fields.wrong("docker", "not defined");
    }
    if (kind == Container.Kind.MESOS) {
      docker.ifPresent(ContainerReading::checkNothingOld);
    }
    return new ContainerPart(
        kind,
        docker.flatMap(inner -> image(inner, kind)),
        VolumeReading.read(fields),
        portMappings(fields, docker),
        kept(fields, "linuxInfo"));
  }

  /// Mesos's own containers never had these.
  private static void checkNothingOld(Fields docker) {
    for (String name : List.of("network", "parameters", "portMappings")) {
      if (docker.node(name).filter(node -> !node.isEmpty() || node.isString()).isPresent()) {
        docker.wrong(name, "must be empty");
      }
    }
  }

  private static Optional<Container.Image> image(Fields docker, Container.Kind kind) {
    Optional<String> name = docker.requiredText("image", AppLimits.NAME_LENGTH);
    if (name.isPresent() && name.get().chars().anyMatch(Character::isWhitespace)) {
      docker.wrong("image", "must not contain blanks");
    }
    Optional<String> pullSecret =
        docker
            .object("pullConfig")
            .flatMap(config -> config.requiredText("secret", AppLimits.NAME_LENGTH));
    if (pullSecret.isPresent() && kind == Container.Kind.DOCKER) {
      docker.wrong("pullConfig", "pullConfig is not supported with Docker containerizer");
    }
    boolean forcePull = docker.flag("forcePullImage").orElse(false);
    boolean privileged = docker.flag("privileged").orElse(false);
    var parameters = parameters(docker);
    var credential = docker.object("credential").flatMap(ContainerReading::credential);
    return name.map(
        text ->
            new Container.Image(text, forcePull, privileged, parameters, pullSecret, credential));
  }

  private static List<Container.Parameter> parameters(Fields docker) {
    return docker
        .list(
            "parameters",
            AppLimits.PARAMETERS,
            (node, path) ->
                Fields.of(node, path, docker.faults()).flatMap(ContainerReading::parameter))
        .orElse(List.of());
  }

  private static Optional<Container.Parameter> parameter(Fields fields) {
    Optional<String> key = fields.requiredText("key", AppLimits.NAME_LENGTH);
    Optional<String> value = fields.text("value");
    if (!fields.has("value")) {
      fields.missing("value");
    }
    boolean fits =
        value.isPresent()
            && (value.get().isEmpty()
                || fields.isShort(value.get(), fields.path("value"), AppLimits.VALUE_LENGTH));
    return fits
        ? key.map(name -> new Container.Parameter(name, value.orElseThrow()))
        : Optional.empty();
  }

  private static Optional<Container.Credential> credential(Fields fields) {
    Optional<String> secret = fields.shortText("secret", AppLimits.NAME_LENGTH);
    return fields
        .requiredText("principal", AppLimits.NAME_LENGTH)
        .map(principal -> new Container.Credential(principal, secret));
  }

  private static Optional<List<PortMapping>> portMappings(
      Fields container, Optional<Fields> docker) {
    Optional<List<PortMapping>> own = PortReading.mappings(container);
    Optional<List<PortMapping>> old = docker.flatMap(PortReading::mappings);
    boolean both = own.isPresent() && old.filter(list -> !list.isEmpty()).isPresent();
    if (both) {
      container.wrong("cannot specify both portMappings and docker.portMappings");
    }
    return own.or(() -> old);
  }

  /// An object that is kept as it is given, as JSON.
  static Optional<String> kept(Fields fields, String name) {
    return fields
        .object(name)
        .map(inner -> Json.text(inner.object()))
        .filter(
            text -> {
              boolean fits = text.length() <= AppLimits.KEPT_LENGTH;
              if (!fits) {
                fields.wrong(
                    name, "must have at most " + AppLimits.KEPT_LENGTH + " characters as JSON");
              }
              return fits;
            });
  }
}
