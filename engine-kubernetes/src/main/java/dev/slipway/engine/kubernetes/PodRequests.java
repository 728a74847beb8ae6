package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Resources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;

/// What a pod takes of its node, by the rule of kube-scheduler and the kubelet (`PodRequests` in
/// k8s.io/component-helpers): its containers together, or what its start needs if that is more, and
/// the overhead of its runtime.
///
/// Init containers run one after the other before the others; those that are restarted always
/// (sidecars) stay, beside all that come after them. A container that was resized in place counts
/// with what is granted to it still.
final class PodRequests {
  private static final String STAYS = "Always";

  private final Quantities quantities;
  private final List<ContainerStatus> statuses;

  private PodRequests(Quantities quantities, Pod pod) {
    this.quantities = quantities;
    this.statuses = pod.getStatus() == null ? List.of() : pod.getStatus().getContainerStatuses();
  }

  static Resources of(Pod pod, Quantities quantities) {
    PodSpec spec = pod.getSpec();
    if (spec == null) {
      return Resources.NONE;
    }
    Resources containers = new PodRequests(quantities, pod).ofContainers(spec);
    Resources all =
        spec.getResources() == null
            ? containers
            : quantities.overridden(containers, spec.getResources().getRequests());
    return sum(all, quantities.requested(spec.getOverhead()));
  }

  private Resources ofContainers(PodSpec spec) {
    Resources sidecars = Resources.NONE;
    Resources start = Resources.NONE;
    for (Container init : spec.getInitContainers()) {
      Resources asked = of(init);
      if (STAYS.equals(init.getRestartPolicy())) {
        sidecars = sum(sidecars, asked);
        start = larger(start, sidecars);
      } else {
        start = larger(start, sum(sidecars, asked));
      }
    }
    Resources together = sidecars;
    for (Container container : spec.getContainers()) {
      together = sum(together, of(container));
    }
    return larger(together, start);
  }

  private Resources of(Container container) {
    Resources asked =
        container.getResources() == null
            ? Resources.NONE
            : quantities.requested(container.getResources().getRequests());
    for (ContainerStatus status : statuses) {
      if (status.getName().equals(container.getName())) {
        return larger(asked, quantities.requested(status.getAllocatedResources()));
      }
    }
    return asked;
  }

  /// A sum that stays a number: whatever pods claim to need, no node has more than that.
  static Resources sum(Resources one, Resources other) {
    Resources sum = one.plus(other);
    return new Resources(
        Math.min(sum.milliCpus(), Resources.MOST),
        Math.min(sum.memBytes(), Resources.MOST),
        Math.min(sum.diskBytes(), Resources.MOST),
        Math.min(sum.milliGpus(), Integer.MAX_VALUE / 2));
  }

  private static Resources larger(Resources one, Resources other) {
    return new Resources(
        Math.max(one.milliCpus(), other.milliCpus()),
        Math.max(one.memBytes(), other.memBytes()),
        Math.max(one.diskBytes(), other.diskBytes()),
        Math.max(one.milliGpus(), other.milliGpus()));
  }
}
