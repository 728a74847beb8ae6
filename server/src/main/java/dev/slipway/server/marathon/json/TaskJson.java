package dev.slipway.server.marathon.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.health.HealthRecord;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.State;
import dev.slipway.core.task.Endpoint;
import dev.slipway.core.volume.VolumeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A task as Marathon writes it (`task.raml`). Instances that stand on no node have no task: they
/// are in the queue.
///
/// @param checkResult absent unless the app has a `check` and it has said something
/// @param host the host name of the node, or its id when the node is not known any more
/// @param ipAddresses its own where it has a network of its own, its node's otherwise
/// @param ports the host ports that lead to it; on a container network those that the app asks for
/// @param servicePorts only in the list of all tasks
/// @param region where the node says that it stands, as is `zone`
public record TaskJson(
    String appId,
    @JsonInclude(Include.NON_ABSENT) Optional<CheckResultJson> checkResult,
    @JsonInclude(Include.NON_EMPTY) List<HealthJson> healthCheckResults,
    String host,
    String id,
    List<IpAddressJson> ipAddresses,
    @JsonInclude(Include.NON_EMPTY) List<LocalVolumeJson> localVolumes,
    List<Integer> ports,
    Optional<List<Integer>> servicePorts,
    String slaveId,
    String state,
    String stagedAt,
    Optional<String> startedAt,
    String version,
    String role,
    Optional<String> region,
    Optional<String> zone) {

  public record IpAddressJson(String ipAddress, String protocol) {
    private static IpAddressJson of(String address) {
      return new IpAddressJson(address, Endpoint.isIpv6(address) ? "IPv6" : "IPv4");
    }

    /// The addresses of an instance's task: its node's on the host network, and on a bridge of
    /// which
    /// nothing more is known; otherwise its own, which it has when it runs.
    public static List<IpAddressJson> of(State state, Instance instance) {
      Optional<AppSpec> app =
          state.app(instance.app(), instance.version()).map(version -> version.spec());
      List<String> own =
          app.filter(AppSpec::isOnHostNetwork).isPresent() ? List.of() : instance.addresses();
      if (own.isEmpty() && app.filter(AppSpec::isOnContainerNetwork).isEmpty()) {
        return instance.place().flatMap(place -> state.node(place.node())).stream()
            .map(record -> of(record.node().address()))
            .toList();
      }
      return own.stream().map(IpAddressJson::of).toList();
    }
  }

  /// A persistent volume of the task's instance.
  public record LocalVolumeJson(
      String runSpecId, String containerPath, String uuid, String persistenceId) {
    private static final String UUID_MARK = ".volume-";

    private static Optional<LocalVolumeJson> of(State state, PathId app, VolumeId id) {
      var ofApp = state.nodes().volumes().get(app);
      return Optional.ofNullable(ofApp == null ? null : ofApp.get(id))
          .map(
              volume ->
                  new LocalVolumeJson(
                      app.toString(),
                      volume.containerPath(),
                      id.value().substring(id.value().lastIndexOf(UUID_MARK) + UUID_MARK.length()),
                      id.value()));
    }
  }

  /// What one health check knows; parts that are not known are written as `null`.
  public record HealthJson(
      boolean alive,
      int consecutiveFailures,
      @JsonInclude(Include.ALWAYS) Optional<String> firstSuccess,
      @JsonInclude(Include.ALWAYS) Optional<String> lastFailure,
      @JsonInclude(Include.ALWAYS) Optional<String> lastSuccess,
      @JsonInclude(Include.ALWAYS) Optional<String> lastFailureCause,
      String instanceId) {
    static HealthJson fromCore(HealthRecord record, Instance instance) {
      return new HealthJson(
          record.alive(),
          record.consecutiveFailures(),
          record.firstSuccess().map(Timestamps::format),
          record.lastFailure().map(Timestamps::format),
          record.lastSuccess().map(Timestamps::format),
          record.lastFailureCause(),
          instance.id().value());
    }
  }

  /// The task of an instance; nothing where it stands on no node.
  public static Optional<TaskJson> fromCore(
      State state, Instance instance, List<HealthRecord> health) {
    return fromCore(state, instance, new Known(health, Optional.empty(), Optional.empty()));
  }

  /// What is known of a task beside the state.
  ///
  /// @param health one record a health check
  /// @param check what its status check said
  /// @param servicePorts of its app, where they are shown
  public record Known(
      List<HealthRecord> health,
      Optional<CheckResultJson> check,
      Optional<List<Integer>> servicePorts) {}

  public static Optional<TaskJson> fromCore(State state, Instance instance, Known known) {
    return instance.place().map(place -> of(state, instance, place, known));
  }

  private static TaskJson of(State state, Instance instance, Instance.Place place, Known known) {
    Optional<NodeRecord> node = state.node(place.node());
    Instant staged = instance.stagedAt().orElse(instance.scheduledAt());
    return new TaskJson(
        instance.app().toString(),
        known.check(),
        known.health().stream()
            .filter(HealthRecord::known)
            .map(record -> HealthJson.fromCore(record, instance))
            .toList(),
        host(node, place),
        instance.id().task().value(),
        IpAddressJson.of(state, instance),
        place.volumes().stream()
            .flatMap(volume -> LocalVolumeJson.of(state, instance.app(), volume).stream())
            .toList(),
        place.hostPorts(),
        known.servicePorts(),
        place.node().value(),
        TaskState.of(instance.condition()),
        Timestamps.format(staged),
        instance.startedAt().map(Timestamps::format),
        Timestamps.format(instance.version()),
        state
            .app(instance.app(), instance.version())
            .flatMap(app -> app.spec().mesos().role())
            .orElse(MesosPart.ANY_ROLE),
        attribute(node, "@region"),
        attribute(node, "@zone"));
  }

  private static Optional<String> attribute(Optional<NodeRecord> node, String name) {
    return node.map(known -> known.node().attributes().get(name));
  }

  private static String host(Optional<NodeRecord> node, Instance.Place place) {
    return node.map(known -> known.node().hostname()).orElse(place.node().value());
  }
}
