package dev.slipway.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.node.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalMachineTest {
  private static final LocalMachine MACHINE =
      new LocalMachine("no-such-host.invalid", 4000, 1000, 3000, 0);

  @Test
  void theMachineIsLookedAt() {
    LocalMachine machine = LocalMachine.probe(Path.of("/tmp/not/there/yet"));
    assertThat(machine.milliCpus()).isEqualTo(Runtime.getRuntime().availableProcessors() * 1000L);
    assertThat(machine.memBytes()).isGreaterThan(100_000_000);
    assertThat(machine.diskBytes()).isPositive();
    assertThat(machine.hostname()).isNotBlank();
  }

  @Test
  void oneNodeIsTheMachine() {
    List<Node> nodes = MACHINE.nodes(1, Map.of("rack", "a"));
    assertThat(nodes).hasSize(1);
    Node node = nodes.getFirst();
    assertThat(node.id().value()).isEqualTo("no-such-host.invalid");
    assertThat(node.hostname()).isEqualTo("localhost");
    assertThat(node.capacity().memBytes()).isEqualTo(900);
    assertThat(node.attributes()).containsEntry("rack", "a");
  }

  @Test
  void severalNodesShareTheMachine() {
    List<Node> nodes = MACHINE.nodes(4, Map.of());
    assertThat(nodes).extracting(Node::hostname).contains("node-1.localhost", "node-4.localhost");
    assertThat(nodes).extracting(Node::address).containsOnly("127.0.0.1");
    assertThat(nodes).allMatch(node -> node.capacity().milliCpus() == 1000);
    assertThatThrownBy(() -> MACHINE.nodes(0, Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void devicesAreSharedOutWholeTheFirstNodesFirst() {
    List<Node> nodes = MACHINE.withGpus(5).nodes(3, Map.of());
    assertThat(nodes).extracting(Node::devices).containsExactly(2, 2, 1);
    assertThat(nodes.getFirst().capacity().gpus()).isEqualTo(2);
    assertThatThrownBy(() -> MACHINE.withGpus(65)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MACHINE.withGpus(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nodesAreDedicatedAlsoOnceTheEngineHasLookedAtThem(@TempDir Path directory) {
    List<Node> nodes = MACHINE.nodes(2, Map.of("high", "true"), Set.of("high"));
    assertThat(nodes).allSatisfy(node -> assertThat(node.dedicated()).containsExactly("high"));
    var settings = LocalEngineSettings.of(directory, nodes, (artifacts, sandbox, user) -> {});
    try (var engine = LocalEngine.open(settings)) {
      assertThat(engine.nodes().getFirst().dedicated()).containsExactly("high");
    }
  }

  @Test
  void devicesAreFoundByTheirFiles(@TempDir Path devices) throws IOException {
    for (String name :
        List.of("nvidia0", "nvidia1", "nvidia12", "nvidiactl", "nvidia-uvm", "null")) {
      Files.createFile(devices.resolve(name));
    }
    assertThat(LocalMachine.gpus(devices)).isEqualTo(3);
  }

  @Test
  void aDemandThatTheMachineCannotMeetIsRefusedWithTheReason(@TempDir Path directory) {
    // No platform is root and not root at once.
    var nodes = MACHINE.nodes(1, Map.of());
    var settings = LocalEngineSettings.of(directory, nodes, (artifacts, sandbox, user) -> {});
    List<IsolationTier> impossible =
        List.of(IsolationTier.values()).stream()
            .filter(tier -> isImpossible(settings, tier))
            .toList();
    assertThat(impossible).isNotEmpty();
  }

  private static boolean isImpossible(LocalEngineSettings settings, IsolationTier tier) {
    try (var engine = LocalEngine.open(settings.withIsolation(IsolationDemand.exactly(tier)))) {
      assertThat(engine.tier()).isEqualTo(tier);
      assertThat(engine.nodes().getFirst().attributes()).containsEntry("isolation", tier.label());
      return false;
    } catch (EngineRefusal refusal) {
      assertThat(refusal).hasMessageContaining(tier.label());
      return true;
    }
  }

  @Test
  void deepAndHostileTreesAreRemovedWithoutLeavingThem(@TempDir Path directory) throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("kept"), "x");
    Path top = Files.createDirectory(directory.resolve("top"));
    Path deep = top;
    for (int i = 0; i < 200; i++) {
      deep = Files.createDirectory(deep.resolve("d"));
      Files.createSymbolicLink(deep.resolve("link"), outside);
    }
    Files.writeString(deep.resolve("file"), "12345");
    assertThat(Tree.bytes(top)).isPositive();
    Tree.delete(top);
    assertThat(top).doesNotExist();
    assertThat(outside.resolve("kept")).exists();
  }

  @Test
  void theFirstClosedDirectoryOnTheWayIsFound(@TempDir Path directory) throws IOException {
    Path closed = Files.createDirectory(directory.resolve("closed"));
    Path inner = Files.createDirectory(closed.resolve("inner"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    assertThat(Isolation.closedAncestor(inner)).hasValue(closed);
    assertThat(Isolation.closedAncestor(directory)).isEmpty();
  }
}
