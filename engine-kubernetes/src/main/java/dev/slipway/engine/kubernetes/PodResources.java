package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.ResourceLimits;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.engine.kubernetes.PodPlan.Refusal;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import java.util.TreeMap;

/// What a task may use, with the meaning that it has on one machine: processor time is a share and
/// no bound, memory is both, and a sandbox may grow a little past the disk it requested. What is
/// not requested is neither kept nor bounded.
final class PodResources {
  /// Less starts no program; engines on one machine give as much.
  static final long SMALLEST_MEMORY = 8 * Resources.MEBIBYTE;

  /// A disk may be this much of its request, in percent.
  static final int DISK_TOLERANCE = 110;

  /// What an init container may use, however little its task does.
  static final long FETCH_MEMORY = 256 * Resources.MEBIBYTE;

  private static final String CPU = "cpu";
  private static final String MEMORY = "memory";
  private static final String DISK = "ephemeral-storage";

  private PodResources() {}

  /// @throws Refusal for shares of a GPU
  static ResourceRequirements of(TaskLaunch launch, String gpuResource) {
    Resources asked = launch.resources();
    Map<String, Quantity> requests = new TreeMap<>();
    Map<String, Quantity> limits = new TreeMap<>();
    addShared(asked, requests);
    cpuLimit(launch.surroundings().limits(), limits);
    memoryLimit(asked, launch.surroundings().limits(), limits);
    if (asked.diskBytes() > 0) {
      limits.put(DISK, bytes(asked.diskBytes() / 100 * DISK_TOLERANCE));
    }
    if (asked.milliGpus() % Resources.DEVICE != 0) {
      throw new Refusal(
          "Kubernetes gives GPUs as a whole, and the app asks for "
              + asked.gpus()
              + " of one; ask for 1, or none");
    }
    if (asked.milliGpus() > 0) {
      var devices = new Quantity(Integer.toString(asked.milliGpus() / Resources.DEVICE));
      requests.put(gpuResource, devices);
      limits.put(gpuResource, devices);
    }
    return new ResourceRequirementsBuilder().withRequests(requests).withLimits(limits).build();
  }

  /// What the init container may use: it requests no more than the task, so that the pod takes the
  /// room that the task was given.
  static ResourceRequirements ofFetch(TaskLaunch launch) {
    Resources asked = launch.resources();
    Map<String, Quantity> requests = new TreeMap<>();
    addShared(asked, requests);
    Map<String, Quantity> limits = new TreeMap<>();
    limits.put(MEMORY, bytes(Math.max(FETCH_MEMORY, asked.memBytes())));
    if (asked.memBytes() == 0) {
      // A limit without a request is taken as one.
      requests.put(MEMORY, new Quantity("0"));
    }
    if (asked.diskBytes() > 0) {
      limits.put(DISK, bytes(asked.diskBytes() / 100 * DISK_TOLERANCE));
    }
    return new ResourceRequirementsBuilder().withRequests(requests).withLimits(limits).build();
  }

  private static void addShared(Resources asked, Map<String, Quantity> requests) {
    if (asked.milliCpus() > 0) {
      requests.put(CPU, new Quantity(asked.milliCpus() + "m"));
    }
    if (asked.memBytes() > 0) {
      requests.put(MEMORY, bytes(asked.memBytes()));
    }
    if (asked.diskBytes() > 0) {
      requests.put(DISK, bytes(asked.diskBytes()));
    }
  }

  private static void cpuLimit(ResourceLimits asked, Map<String, Quantity> limits) {
    asked
        .cpus()
        .ifPresent(
            limit -> {
              switch (limit) {
                case ResourceLimits.Limit.Unlimited _ -> {}
                case ResourceLimits.Limit.AtMost(long milliCpus) ->
                    limits.put(CPU, new Quantity(milliCpus + "m"));
              }
            });
  }

  private static void memoryLimit(
      Resources asked, ResourceLimits limited, Map<String, Quantity> limits) {
    if (limited.mem().isEmpty()) {
      if (asked.memBytes() > 0) {
        limits.put(MEMORY, memory(asked.memBytes()));
      }
      return;
    }
    switch (limited.mem().get()) {
      case ResourceLimits.Limit.Unlimited _ -> {}
      case ResourceLimits.Limit.AtMost(long most) -> limits.put(MEMORY, memory(most));
    }
  }

  private static Quantity memory(long amount) {
    return bytes(Math.max(SMALLEST_MEMORY, amount));
  }

  private static Quantity bytes(long amount) {
    return new Quantity(Long.toString(amount));
  }
}
