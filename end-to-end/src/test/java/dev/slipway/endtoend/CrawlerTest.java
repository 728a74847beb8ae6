package dev.slipway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.Client;
import dev.slipway.endtoend.harness.CommandRun;
import dev.slipway.endtoend.harness.CrawlerGroup;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.RunningServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/// The example crawler, with an update of one of its workers while it crawls.
@Order(2)
@ResourceLock("the ports of the crawler")
class CrawlerTest {
  private static final int PAGES_BEFORE_THE_UPDATE = 40;

  @Test
  void anUpdateOfTheParsersInTheMiddleLosesNoPageAndStoresNothingTwice() {
    try (var server = RunningServer.start("crawler")) {
      var group = CrawlerGroup.ofOneSlowFetcher(400);
      for (var tarball : group.tarballs()) {
        CommandRun put = server.slipway("artifact", "put", tarball.toString());
        assertThat(put.code()).as(put.err()).isZero();
      }
      CommandRun deployed =
          server.slipway("deploy", server.file("group.json", group.json()).toString());
      assertThat(deployed.code()).as(deployed.out() + deployed.err()).isZero();
      assertThat(deployed.lastLine()).startsWith("5 apps deployed: all 6 instances healthy");

      var store = new Client(group.store());
      Eventually.so("it crawls", () -> pages(store) >= PAGES_BEFORE_THE_UPDATE);
      CommandRun updated =
          server.slipway("deploy", server.file("new.json", group.withParsersOf("2")).toString());
      assertThat(updated.code()).as(updated.out() + updated.err()).isZero();
      assertThat(server.slipway("scale", "/crawler/fetch=4").code()).isZero();
      Eventually.so("the crawl is complete", () -> stats(store).path("done").asBoolean());

      JsonNode stats = stats(store);
      int wanted = new Client(group.site()).json("/catalogue.json").path("allowedItems").asInt();
      assertThat(stats.path("errors").asInt()).as(stats.toString()).isZero();
      assertThat(stats.path("queued").asInt()).isZero();
      assertThat(stats.path("pagesByParser").path("1").asInt()).isPositive();
      assertThat(stats.path("pagesByParser").path("2").asInt()).isPositive();
      assertThat(stats.path("items").asInt()).isEqualTo(wanted);
      assertThat(links(store, wanted)).hasSize(wanted).doesNotHaveDuplicates();
    }
  }

  private static JsonNode stats(Client store) {
    return store.json("/stats");
  }

  private static int pages(Client store) {
    return stats(store).path("pages").asInt();
  }

  private static List<String> links(Client store, int wanted) {
    List<String> links = new ArrayList<>();
    int before = -1;
    while (links.size() < wanted && links.size() > before) {
      before = links.size();
      store
          .json("/items?skip=" + before + "&limit=50")
          .path("items")
          .forEach(item -> links.add(item.path("link").asString()));
    }
    return links;
  }
}
