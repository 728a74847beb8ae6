package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Nodes and pods as an API server tells them.
final class ClusterNodes {
  private ClusterNodes() {}

  static Node ready(String name) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("kubernetes.io/hostname", name + ".example")
        .addToLabels("kubernetes.io/os", "linux")
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .withAllocatable(
            amounts(
                Map.of(
                    "cpu", "3920m",
                    "memory", "24581684Ki",
                    "ephemeral-storage", "267847642337",
                    "nvidia.com/gpu", "2",
                    "pods", "110")))
        .addNewAddress("10.97.0.11", "InternalIP")
        .addNewAddress(name, "Hostname")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }

  static Node withCondition(Node node, String type, String status, String reason, String message) {
    return new NodeBuilder(node)
        .editStatus()
        .removeMatchingFromConditions(condition -> type.equals(condition.getType()))
        .addNewCondition()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .endCondition()
        .endStatus()
        .build();
  }

  static Node withTaint(Node node, String key, @Nullable String value, String effect) {
    return new NodeBuilder(node)
        .editSpec()
        .addNewTaint()
        .withKey(key)
        .withValue(value)
        .withEffect(effect)
        .endTaint()
        .endSpec()
        .build();
  }

  static Node withLabel(Node node, String name, String value) {
    return new NodeBuilder(node).editMetadata().addToLabels(name, value).endMetadata().build();
  }

  static Pod running(String uid, String node, String... requests) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("pod-" + uid)
        .withNamespace("others")
        .withUid(uid)
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .withContainers(container("main", requests).build())
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .endStatus()
        .build();
  }

  /// @param requests such as `cpu=250m`
  static ContainerBuilder container(String name, String... requests) {
    var container = new ContainerBuilder().withName(name).withNewResources().endResources();
    for (String request : requests) {
      String[] parts = request.split("=", 2);
      container =
          container.editResources().addToRequests(parts[0], new Quantity(parts[1])).endResources();
    }
    return container;
  }

  static Map<String, Quantity> amounts(Map<String, String> texts) {
    var amounts = new java.util.TreeMap<String, Quantity>();
    texts.forEach((name, text) -> amounts.put(name, new Quantity(text)));
    return amounts;
  }
}
