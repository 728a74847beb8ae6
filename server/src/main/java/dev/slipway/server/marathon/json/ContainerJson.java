package dev.slipway.server.marathon.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Volume;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A container as Marathon 1.5 and later writes it (`appContainer.raml`).
///
/// @param portMappings absent on the host's network
/// @param linuxInfo only where the owner gave one
public record ContainerJson(
    String type,
    Optional<DockerJson> docker,
    List<VolumeJson> volumes,
    Optional<List<PortMappingJson>> portMappings,
    Optional<JsonNode> linuxInfo) {

  /// @param credential of no effect, as in Marathon
  public record DockerJson(
      boolean forcePullImage,
      String image,
      List<ParameterJson> parameters,
      boolean privileged,
      Optional<PullConfigJson> pullConfig,
      Optional<CredentialJson> credential) {
    private static DockerJson of(Container.Image image) {
      return new DockerJson(
          image.forcePull(),
          image.name(),
          image.parameters().stream()
              .map(parameter -> new ParameterJson(parameter.key(), parameter.value()))
              .toList(),
          image.privileged(),
          image.pullSecret().map(PullConfigJson::new),
          image.credential().map(one -> new CredentialJson(one.principal(), one.secret())));
    }
  }

  public record ParameterJson(String key, String value) {}

  public record PullConfigJson(String secret) {}

  public record CredentialJson(String principal, Optional<String> secret) {}

  public record PortMappingJson(
      int containerPort,
      Optional<Integer> hostPort,
      Map<String, String> labels,
      Optional<String> name,
      @JsonInclude(Include.NON_EMPTY) List<String> networkNames,
      String protocol,
      int servicePort) {
    private static PortMappingJson of(Container.PortMapping mapping) {
      return new PortMappingJson(
          mapping.containerPort(),
          mapping.hostPort(),
          mapping.labels(),
          mapping.name(),
          mapping.networkNames(),
          mapping.protocol(),
          mapping.servicePort());
    }
  }

  /// One of the kinds of volumes; each has keys of its own.
  public sealed interface VolumeJson {
    private static VolumeJson of(Volume volume) {
      return switch (volume) {
        case Volume.Host host ->
            new HostVolumeJson(host.containerPath(), host.hostPath(), mode(host.readOnly()));
        case Volume.Persistent persistent ->
            new PersistentVolumeJson(
                persistent.containerPath(), mode(false), PersistentJson.of(persistent));
        case Volume.External external ->
            new ExternalVolumeJson(
                external.containerPath(), mode(external.readOnly()), ExternalJson.of(external));
        case Volume.SecretFile file -> new SecretVolumeJson(file.containerPath(), file.secret());
      };
    }

    private static String mode(boolean readOnly) {
      return readOnly ? "RO" : "RW";
    }
  }

  public record HostVolumeJson(String containerPath, String hostPath, String mode)
      implements VolumeJson {}

  public record PersistentVolumeJson(String containerPath, String mode, PersistentJson persistent)
      implements VolumeJson {}

  public record ExternalVolumeJson(String containerPath, String mode, ExternalJson external)
      implements VolumeJson {}

  public record SecretVolumeJson(String containerPath, String secret) implements VolumeJson {}

  public record PersistentJson(
      String type,
      long size,
      Optional<Long> maxSize,
      Optional<String> profileName,
      List<List<String>> constraints) {
    private static PersistentJson of(Volume.Persistent volume) {
      return new PersistentJson(
          volume.disk().name().toLowerCase(Locale.ROOT),
          volume.sizeMebibytes(),
          volume.maxSizeMebibytes(),
          volume.profileName(),
          volume.constraints().stream().map(AppJson::constraint).toList());
    }
  }

  /// @param size in GiB
  public record ExternalJson(
      Optional<Long> size,
      String name,
      String provider,
      @JsonInclude(Include.NON_EMPTY) Map<String, String> options) {
    private static ExternalJson of(Volume.External volume) {
      return new ExternalJson(
          volume.sizeMebibytes().map(size -> size / VolumeReading.MEBIBYTES),
          volume.name(),
          volume.provider(),
          volume.options());
    }
  }

  static Optional<ContainerJson> fromCore(AppSpec app) {
    return app.container().map(container -> of(container, app.isOnHostNetwork()));
  }

  private static ContainerJson of(Container container, boolean onHost) {
    return new ContainerJson(
        container.kind().name(),
        container.image().map(DockerJson::of),
        container.volumes().stream().map(VolumeJson::of).toList(),
        onHost
            ? Optional.empty()
            : Optional.of(container.portMappings().stream().map(PortMappingJson::of).toList()),
        container.linuxInfo().map(Kept::object));
  }
}
