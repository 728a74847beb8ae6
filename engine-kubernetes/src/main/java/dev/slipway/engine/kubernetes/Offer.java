package dev.slipway.engine.kubernetes;

import dev.slipway.core.node.PortRange;

/// What nodes offer beside what Kubernetes says of them.
///
/// @param gpuResource the extended resource that counts a node's GPUs
/// @param dynamicPorts from which host ports are chosen for apps that ask for any
/// @param fixedPorts from which apps may require certain host ports
public record Offer(String gpuResource, PortRange dynamicPorts, PortRange fixedPorts) {
  public static final String USUAL_GPU = "nvidia.com/gpu";

  /// Below the ports of Kubernetes' own services of type NodePort (30000 to 32767), which would
  /// take a task's traffic away, and of Linux' outgoing connections (32768 on).
  public static final PortRange USUAL_DYNAMIC_PORTS = new PortRange(20_000, 29_999);

  /// Without the ports that programs of the node's system listen on, and below those of the kubelet
  /// and of kube-proxy (10248 to 10259): a task's host port takes all that comes to the node there.
  public static final PortRange USUAL_FIXED_PORTS = new PortRange(1_024, 9_999);

  public static final Offer DEFAULT = new Offer(USUAL_GPU, USUAL_DYNAMIC_PORTS, USUAL_FIXED_PORTS);

  public Offer {
    Texts.checkResource(gpuResource);
    if (dynamicPorts.first() <= fixedPorts.last() && fixedPorts.first() <= dynamicPorts.last()) {
      throw new IllegalArgumentException(
          "the ports that are chosen (%s) and those that apps may require (%s) have to lie apart"
              .formatted(text(dynamicPorts), text(fixedPorts)));
    }
  }

  private static String text(PortRange range) {
    return range.first() + "-" + range.last();
  }

  public Offer withPorts(PortRange dynamic, PortRange fixed) {
    return new Offer(gpuResource, dynamic, fixed);
  }
}
