package dev.slipway.bench.scheduling.peers;

import com.netflix.fenzo.TaskAssignmentResult;
import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Task;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.mesos.Protos;

/// What the adapter of Fenzo knows of a host: what is free, and the ports and devices, which Fenzo
/// has no idea of. It changes between calls of Fenzo only; within one, what was assigned so far is
/// added up anew.
final class FenzoHost {
  private static final int WHOLE = 1000;

  final Host host;
  final Map<String, Protos.Attribute> attributes;
  final long[] free;
  final Set<Integer> ports = new HashSet<>();
  private final int[] devices;

  FenzoHost(Host host) {
    this.host = host;
    attributes = FenzoLease.attributes(host);
    free = new long[host.capacity().dimensions()];
    for (int d = 0; d < free.length; d++) {
      free[d] = host.capacity().of(d);
    }
    devices = new int[host.gpus()];
  }

  /// @param assigned tasks that are assigned to the host in the call under way
  boolean hasPorts(Task task, Collection<TaskAssignmentResult> assigned) {
    for (int port : task.ports()) {
      if (ports.contains(port)) {
        return false;
      }
      for (TaskAssignmentResult each : assigned) {
        if (each.getRequest() instanceof FenzoTask other && other.task().ports().contains(port)) {
          return false;
        }
      }
    }
    return true;
  }

  /// @param assigned tasks that are assigned to the host in the call under way; they take devices
  /// in their turn, as they will once the call is over
  boolean hasDevices(Task task, Collection<TaskAssignmentResult> assigned) {
    boolean isModel = task.gpuModels().isEmpty() || task.gpuModels().contains(host.gpuModel());
    if (devices.length == 0 || !isModel) {
      return false;
    }
    int[] used = devices.clone();
    assigned.stream()
        .map(each -> (FenzoTask) each.getRequest())
        .sorted(Comparator.comparingInt(FenzoTask::turn))
        .forEach(each -> takeDevices(each.task(), used));
    return Long.bitCount(takeDevices(task, used)) * Math.min(task.milliGpus(), WHOLE)
        == task.milliGpus();
  }

  /// @return the devices taken, one bit each
  long takeDevices(Task task) {
    return takeDevices(task, devices);
  }

  private static long takeDevices(Task task, int[] used) {
    int share = Math.min(task.milliGpus(), WHOLE);
    long taken = 0;
    for (int left = task.milliGpus(); left > 0; left -= share) {
      int best = -1;
      for (int g = 0; g < used.length; g++) {
        if (used[g] + share <= WHOLE && (best < 0 || used[g] > used[best])) {
          best = g;
        }
      }
      if (best < 0) {
        return taken;
      }
      used[best] += share;
      taken |= 1L << best;
    }
    return taken;
  }

  /// Enters a task (1) or strikes it out (-1), but for its devices.
  void enter(Task task, int sign) {
    for (int d = 0; d < free.length; d++) {
      free[d] -= sign * task.request().of(d);
    }
    if (sign > 0) {
      ports.addAll(task.ports());
    } else {
      task.ports().forEach(ports::remove);
    }
  }

  /// Uses devices more (1) or less (-1).
  void enterDevices(Task task, long bits, int sign) {
    for (long left = bits; left != 0; left &= left - 1) {
      devices[Long.numberOfTrailingZeros(left)] += sign * Math.min(task.milliGpus(), WHOLE);
    }
  }
}
