package dev.slipway.core.task;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.State;
import java.util.List;
import java.util.Optional;

/// Where the task of one instance is reached over the network: the one place that decides it, for
/// checks, load balancers and names alike.
///
/// A port of the app, by its index or its name, is the host port at the node where one leads to it,
/// and otherwise the container's port at the task's own address. A port by its number is the task's
/// own on a container network; elsewhere it is the node's, unless the task has an address of its
/// own and that number is none of its host ports: at its node somebody else would answer.
///
/// These are Marathon's rules (`NetworkInfo.scala`, `HealthCheckWorker.scala`), which asks the own
/// address of a task on a container network for its host port, though, and for a number always the
/// node on other networks.
///
/// @param app the version of the app that the instance was launched with: later ones that it is
///     good enough for have the same ports
public record Reach(AppSpec app, Instance instance, Node node) {
  /// Of an instance as it is now; nothing when it is gone or stands nowhere.
  public static Optional<Reach> of(State state, InstanceId id) {
    return state.instance(id).flatMap(instance -> of(state, instance));
  }

  private static Optional<Reach> of(State state, Instance instance) {
    Optional<Node> node =
        instance.place().flatMap(place -> state.node(place.node())).map(NodeRecord::node);
    return node.flatMap(
        where ->
            state
                .app(instance.app(), instance.version())
                .map(app -> new Reach(app.spec(), instance, where)));
  }

  /// The app's ports, in the order that `portIndex` counts them.
  public List<TaskPort> ports() {
    return TaskPort.of(app, instance.place().map(Instance.Place::hostPorts).orElse(List.of()));
  }

  /// The port that a check asks.
  public Endpoint of(HealthCheck.Target target) {
    return target.port().map(this::numbered).orElseGet(() -> at(target.portIndex()));
  }

  /// One of the app's ports.
  ///
  /// @param index counted from 0
  public Endpoint at(int index) {
    List<TaskPort> ports = ports();
    return index >= 0 && index < ports.size()
        ? of(ports.get(index))
        : new Endpoint.Nowhere("the instance has no port with index " + index);
  }

  /// The first of the app's ports of that name.
  public Endpoint named(String name) {
    return ports().stream()
        .filter(port -> port.name().equals(Optional.of(name)))
        .findFirst()
        .map(this::of)
        .orElseGet(() -> new Endpoint.Nowhere("the instance has no port named '" + name + "'"));
  }

  public Endpoint of(TaskPort port) {
    return port.hostPort()
        .<Endpoint>map(number -> new Endpoint.OnNode(node, number))
        .orElseGet(() -> ofTask(port.containerPort()));
  }

  private Endpoint numbered(int port) {
    boolean isMapped = ports().stream().anyMatch(one -> one.hostPort().equals(Optional.of(port)));
    boolean isOwn = app.isOnContainerNetwork() || (!instance.addresses().isEmpty() && !isMapped);
    return isOwn ? ofTask(port) : new Endpoint.OnNode(node, port);
  }

  private Endpoint ofTask(int port) {
    if (port == 0) {
      return new Endpoint.Nowhere("nobody knows the number of the port in the task's network");
    }
    return instance.addresses().isEmpty()
        ? new Endpoint.Nowhere("the task has no network address of its own yet")
        : new Endpoint.OfTask(instance.addresses(), port);
  }
}
