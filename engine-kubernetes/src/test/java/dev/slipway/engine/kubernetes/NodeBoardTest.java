package dev.slipway.engine.kubernetes;

import static dev.slipway.engine.kubernetes.ClusterNodes.ready;
import static dev.slipway.engine.kubernetes.ClusterNodes.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.node.NodeId;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeBoardTest {
  private static final long SECOND = 1_000_000_000L;
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");

  private final OtherPods others = new OtherPods("slipway", new Quantities("nvidia.com/gpu"));
  private final NodeBoard board =
      new NodeBoard(new NodeReading(KubernetesSettings.DEFAULT), others, KubernetesLimits.DEFAULT);

  @Test
  void aBusyNodeIsToldAnewOnlyNowAndThen() {
    assertThat(board.seen(ready("n1"), 0)).isPresent();
    assertThat(board.seen(ready("n1"), SECOND)).isEmpty();

    board.taken(others.seen(running("1", "n1", "cpu=1")).stream().toList());
    assertThat(board.due(5 * SECOND)).isEmpty();
    assertThat(board.due(15 * SECOND))
        .singleElement()
        .satisfies(sight -> assertThat(sight.node().capacity().milliCpus()).isEqualTo(2920));
    assertThat(board.due(40 * SECOND)).isEmpty();

    board.taken(others.seen(running("2", "n1", "cpu=1")).stream().toList());
    assertThat(board.due(41 * SECOND)).hasSize(1);
    board.taken(others.removed(running("2", "n1", "cpu=1")).stream().toList());
    board.taken(others.seen(running("3", "n1", "cpu=1")).stream().toList());
    assertThat(board.due(60 * SECOND)).isEmpty();
    assertThat(board.all()).hasSize(1);
  }

  @Test
  void whatOthersTakeIsToldAtOnceWhereItBecameKnownAfterTheNodes() {
    board.seen(ready("n1"), 0);
    board.seen(ready("n2"), 0);
    board.taken(others.seen(running("1", "n1", "cpu=1")).stream().toList());

    assertThat(board.settle(SECOND)).extracting(sight -> sight.node().id()).containsExactly(N1);
    assertThat(board.all())
        .extracting(sight -> sight.node().capacity().milliCpus())
        .containsExactly(2920L, 3920L);
    assertThat(board.settle(2 * SECOND)).isEmpty();
  }

  @Test
  void whatANodeSaysOfItselfIsToldAtOnce() {
    board.seen(ready("n1"), 0);
    others.seen(running("1", "n1", "cpu=1"));
    board.taken(List.of(N1, N2));
    Node cordoned =
        new NodeBuilder(ready("n1")).editSpec().withUnschedulable(true).endSpec().build();
    assertThat(board.seen(cordoned, SECOND))
        .get()
        .satisfies(sight -> assertThat(sight.node().closed()).contains("cordoned"))
        .satisfies(sight -> assertThat(sight.node().capacity().milliCpus()).isEqualTo(2920));
    assertThat(board.gone(N1)).isTrue();
    assertThat(board.gone(N1)).isFalse();
    assertThat(board.due(90 * SECOND)).isEmpty();
  }

  @Test
  void aNodeIsToldSilentOnlyOnceItStaysSo() {
    board.seen(ready("n1"), 0);
    assertThat(board.seen(silent("n1"), 20 * SECOND)).isEmpty();
    others.seen(running("1", "n1", "cpu=1"));
    board.taken(List.of(N1));
    assertThat(board.due(34 * SECOND)).isEmpty();
    assertThat(board.all()).singleElement().isInstanceOf(NodeSight.Offered.class);
    assertThat(board.due(35 * SECOND)).singleElement().isInstanceOf(NodeSight.Silent.class);
    assertThat(board.due(90 * SECOND)).isEmpty();
    assertThat(board.all()).singleElement().isInstanceOf(NodeSight.Silent.class);
  }

  @Test
  void aNodeThatIsBackInTimeWasNeverSilent() {
    board.seen(ready("n1"), 0);
    assertThat(board.seen(silent("n1"), 20 * SECOND)).isEmpty();
    board.seen(ready("n1"), 25 * SECOND);
    assertThat(board.due(60 * SECOND)).isEmpty();
    assertThat(board.seen(silent("n1"), 61 * SECOND)).isEmpty();
    assertThat(board.due(70 * SECOND)).isEmpty();
    assertThat(board.due(76 * SECOND)).hasSize(1);
  }

  @Test
  void aNodeThatIsSilentWhenItIsFirstSeenIsToldSoAtOnce() {
    assertThat(board.seen(silent("n1"), 0)).get().isInstanceOf(NodeSight.Silent.class);
    assertThat(board.seen(ready("n1"), SECOND)).get().isInstanceOf(NodeSight.Offered.class);
  }

  private static Node silent(String name) {
    return ClusterNodes.withCondition(ready(name), "Ready", "Unknown", "Gone", "");
  }
}
