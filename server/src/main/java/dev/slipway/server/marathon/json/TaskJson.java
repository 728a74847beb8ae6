package dev.slipway.server.marathon.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.health.HealthRecord;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A task as Marathon writes it (`task.raml`). Instances that stand on no node have no task: they
/// are in the queue.
///
/// @param host the host name of the node, or its id when the node is not known any more
/// @param servicePorts only in the list of all tasks
public record TaskJson(
    String appId,
    @JsonInclude(Include.NON_EMPTY) List<HealthJson> healthCheckResults,
    String host,
    String id,
    List<IpAddressJson> ipAddresses,
    List<Integer> ports,
    Optional<List<Integer>> servicePorts,
    String slaveId,
    String state,
    String stagedAt,
    Optional<String> startedAt,
    String version,
    String role) {

  public record IpAddressJson(String ipAddress, String protocol) {
    static List<IpAddressJson> of(Optional<NodeRecord> node) {
      return node.map(NodeRecord::node).map(Node::address).stream()
          .map(address -> new IpAddressJson(address, address.contains(":") ? "IPv6" : "IPv4"))
          .toList();
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
    return instance.place().map(place -> of(state, instance, place, health));
  }

  private static TaskJson of(
      State state, Instance instance, Instance.Place place, List<HealthRecord> health) {
    Optional<NodeRecord> node = state.node(place.node());
    Instant staged = instance.stagedAt().orElse(instance.scheduledAt());
    return new TaskJson(
        instance.app().toString(),
        health.stream()
            .filter(HealthRecord::known)
            .map(record -> HealthJson.fromCore(record, instance))
            .toList(),
        host(node, place),
        instance.id().task().value(),
        IpAddressJson.of(node),
        place.hostPorts(),
        Optional.empty(),
        place.node().value(),
        TaskState.of(instance.condition()),
        Timestamps.format(staged),
        instance.startedAt().map(Timestamps::format),
        Timestamps.format(instance.version()),
        "*");
  }

  public TaskJson withServicePorts(List<PortDefinition> definitions) {
    return new TaskJson(
        appId,
        healthCheckResults,
        host,
        id,
        ipAddresses,
        ports,
        Optional.of(definitions.stream().map(PortDefinition::port).toList()),
        slaveId,
        state,
        stagedAt,
        startedAt,
        version,
        role);
  }

  private static String host(Optional<NodeRecord> node, Instance.Place place) {
    return node.map(known -> known.node().hostname()).orElse(place.node().value());
  }
}
