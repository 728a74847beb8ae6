package dev.slipway.engine.local;

import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which of the machine's GPUs are whose. Each node has its own, counted from 0; on the machine the
/// second node's follow the first one's. Tasks are told by the variables that the drivers and the
/// libraries obey; where tasks have a `/dev` of their own, theirs are also the only ones there.
/// How much of a device a task takes is not enforced.
final class Devices {
  private static final String DRIVER = "NVIDIA_VISIBLE_DEVICES";
  private static final String LIBRARY = "CUDA_VISIBLE_DEVICES";

  /// Without it the library counts the fastest device first, and the driver by the bus.
  private static final String LIBRARY_ORDER = "CUDA_DEVICE_ORDER";

  /// What every task with a device needs, whichever it is.
  private static final List<String> COMMON =
      List.of("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset");

  private final Map<NodeId, Integer> firsts = new LinkedHashMap<>();

  private Devices() {}

  static Devices of(List<Node> nodes) {
    var devices = new Devices();
    int first = 0;
    for (Node node : nodes) {
      devices.firsts.put(node.id(), first);
      first += node.devices();
    }
    return devices;
  }

  /// What a task is told of its devices. Not for its owner to say otherwise: the others are other
  /// tasks'.
  Map<String, String> variables(TaskLaunch launch) {
    if (launch.devices().isEmpty()) {
      return Map.of(DRIVER, "void");
    }
    String numbers = numbers(launch).collect(Collectors.joining(","));
    return Map.of(DRIVER, numbers, LIBRARY, numbers, LIBRARY_ORDER, "PCI_BUS_ID");
  }

  /// The files of a task's devices.
  List<Path> files(TaskLaunch launch) {
    if (launch.devices().isEmpty()) {
      return List.of();
    }
    return Stream.concat(numbers(launch).map("nvidia"::concat), COMMON.stream())
        .map(name -> Path.of("/dev", name))
        .toList();
  }

  private Stream<String> numbers(TaskLaunch launch) {
    int first = firsts.getOrDefault(launch.node(), 0);
    return launch.devices().stream().map(device -> Integer.toString(first + device));
  }
}
