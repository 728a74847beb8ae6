package dev.slipway.endtoend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.Client;
import dev.slipway.endtoend.harness.CommandRun;
import dev.slipway.endtoend.harness.CrawlerGroup;
import dev.slipway.endtoend.harness.Eventually;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/// The example crawler on three nodes, its code fetched into pods.
@Order(3)
@ResourceLock(value = Locks.CLUSTER, mode = ResourceAccessMode.READ)
class PodCrawlerTest {
  @RegisterExtension static final PodServer SERVER = new PodServer("crawler");

  @Test
  void itsWorkersFindEachOtherOverNodesAndEveryItemIsStoredOnce() {
    var server = SERVER.get();
    var nodes = SERVER.cluster().nodes(3);
    String first = nodes.getFirst();
    var group = CrawlerGroup.ofOneSlowFetcher(200).onNodes(first, SERVER.cluster().address(first));
    for (var tarball : group.tarballs()) {
      CommandRun put = server.slipway("artifact", "put", tarball.toString());
      assertThat(put.code()).as(put.err()).isZero();
    }
    CommandRun deployed =
        server.slipway("deploy", server.file("group.json", group.json()).toString());
    assertThat(deployed.code()).as(deployed.out() + deployed.err()).isZero();
    assertThat(deployed.lastLine()).startsWith("5 apps deployed: all 6 instances healthy");

    assertThat(server.slipway("scale", "/crawler/fetch=3").code()).isZero();
    Set<String> used = new TreeSet<>(SERVER.pods().nodes("/crawler/fetch").values());
    used.addAll(SERVER.pods().nodes("/crawler/site").values());
    assertThat(used).containsExactlyElementsOf(nodes);
    var store = new Client(group.store());
    Eventually.so("the crawl is complete", () -> stats(store).path("done").asBoolean());

    JsonNode stats = stats(store);
    int wanted = new Client(group.site()).json("/catalogue.json").path("allowedItems").asInt();
    assertThat(stats.path("errors").asInt()).as(stats.toString()).isZero();
    assertThat(stats.path("items").asInt()).isEqualTo(wanted);
  }

  private static JsonNode stats(Client store) {
    return store.json("/stats");
  }
}
