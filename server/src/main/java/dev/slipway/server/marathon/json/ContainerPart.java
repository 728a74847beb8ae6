package dev.slipway.server.marathon.json;

import dev.slipway.core.app.Container;
import dev.slipway.core.app.Container.PortMapping;
import dev.slipway.core.app.Volume;
import java.util.List;
import java.util.Optional;

/// A container as a client described it. It differs from the core's in that port mappings may be
/// left out, and then depend on the networks that the app ends up with.
record ContainerPart(
    Container.Kind kind,
    Optional<Container.Image> image,
    List<Volume> volumes,
    Optional<List<PortMapping>> portMappings,
    Optional<String> linuxInfo) {

  /// What an app gets that says nothing of its container but needs one for its network.
  static final ContainerPart IMAGELESS =
      new ContainerPart(
          Container.Kind.MESOS, Optional.empty(), List.of(), Optional.empty(), Optional.empty());

  static ContainerPart of(Container container, Optional<List<PortMapping>> portMappings) {
    return new ContainerPart(
        container.kind(),
        container.image(),
        container.volumes(),
        portMappings,
        container.linuxInfo());
  }

  ContainerPart with(List<PortMapping> mappings) {
    return new ContainerPart(kind, image, volumes, Optional.of(mappings), linuxInfo);
  }

  Container toCore(List<PortMapping> mappings) {
    return new Container(kind, image, volumes, mappings, linuxInfo);
  }
}
