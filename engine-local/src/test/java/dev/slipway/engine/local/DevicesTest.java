package dev.slipway.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Surroundings;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DevicesTest {
  private static final PathId APP = PathId.of("/trainer");
  private static final Command SHOW =
      new Command.Shell(
          "echo \"$NVIDIA_VISIBLE_DEVICES ${CUDA_VISIBLE_DEVICES-unset} $CUDA_DEVICE_ORDER\" >seen");

  private static TaskLaunch launch(NodeId node, double gpus, Integer... devices) {
    return new TaskLaunch(
        InstanceId.of(APP, UUID.randomUUID()).task(),
        APP,
        node,
        new Epoch(1),
        SHOW,
        new TreeMap<>(Map.of("NVIDIA_VISIBLE_DEVICES", "all")),
        Resources.of(0.1, 64, 0, gpus),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(devices),
        Surroundings.NONE,
        Instant.EPOCH,
        Duration.ZERO);
  }

  @Test
  void devicesOfANodeFollowThoseOfTheNodesBefore() {
    var machine = new LocalMachine("host", 4000, 1000, 3000, 5);
    List<Node> nodes = machine.nodes(3, Map.of());
    var devices = Devices.of(nodes);
    assertThat(devices.variables(launch(nodes.get(0).id(), 2, 0, 1)))
        .containsEntry("NVIDIA_VISIBLE_DEVICES", "0,1");
    assertThat(devices.variables(launch(nodes.get(1).id(), 0.5, 1)))
        .containsEntry("CUDA_VISIBLE_DEVICES", "3");
    assertThat(devices.variables(launch(nodes.get(2).id(), 1, 0)))
        .containsEntry("NVIDIA_VISIBLE_DEVICES", "4");
    assertThat(devices.files(launch(nodes.get(1).id(), 0.5, 1)))
        .contains(Path.of("/dev/nvidia3"), Path.of("/dev/nvidiactl"))
        .doesNotContain(Path.of("/dev/nvidia1"));
    assertThat(devices.files(launch(nodes.get(1).id(), 0))).isEmpty();
  }

  @Test
  void aTaskIsToldItsDevicesAndNoOthers() throws IOException, InterruptedException {
    try (var workshop = new Workshop(settings -> settings)) {
      workshop.start();
      NodeId node = workshop.settings().nodes().getFirst().id();
      TaskLaunch some = launch(node, 2, 1, 2);
      workshop.end(some);
      assertThat(workshop.output(some, "seen")).isEqualTo("1,2 1,2 PCI_BUS_ID\n");
      TaskLaunch none = launch(node, 0);
      workshop.end(none);
      assertThat(workshop.output(none, "seen")).isEqualTo("void unset \n");
    }
  }
}
