package dev.slipway.server.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.task.Endpoint;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SiteTest {
  private static final Endpoint BOTH = new Endpoint.OfTask(List.of("10.244.1.7", "fd00::7"), 80);

  @Test
  void isTheAddressOfTheFamilyThatIsAskedFor() throws IOException {
    assertThat(Site.of(BOTH, false)).hasToString("10.244.1.7:80");
    assertThat(Site.of(BOTH, true)).hasToString("[fd00::7]:80");
  }

  @Test
  void isTheNodesAddressWhereTheNodeLeadsToTheTask() throws IOException {
    assertThat(Site.of(new Endpoint.OnNode(node("10.0.0.1"), 31000), false))
        .hasToString("10.0.0.1:31000");
    assertThat(Site.of(new Endpoint.OnNode(node("127.0.0.1"), 31000), true))
        .hasToString("[::1]:31000");
  }

  @Test
  void saysWhyThereIsNone() {
    assertThatThrownBy(() -> Site.of(new Endpoint.OfTask(List.of("10.244.1.7"), 80), true))
        .hasMessage("the task has no IPv6 address: [10.244.1.7]");
    assertThatThrownBy(() -> Site.of(new Endpoint.Nowhere("it has no port"), false))
        .hasMessage("it has no port");
  }

  private static Node node(String address) {
    return new Node(
        new NodeId("n1"),
        "n1",
        address,
        Resources.of(1, 1, 1, 0),
        new PortRange(31000, 32000),
        new PortRange(1, 30999),
        new TreeMap<>());
  }
}
