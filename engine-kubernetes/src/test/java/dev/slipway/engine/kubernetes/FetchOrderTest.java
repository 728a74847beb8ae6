package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.Fetch;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FetchOrderTest {
  private static final Path SANDBOX = Path.of("/slipway/work/sandbox");

  @Test
  void everyFieldSurvivesTheWayIntoThePod() {
    var order =
        new FetchOrder(
            List.of(
                new Fetch(
                    "https://u:p@example.org/a.tgz?sig=ä\"",
                    false,
                    true,
                    true,
                    Optional.of("lib/a b"),
                    Optional.of("0".repeat(64))),
                Fetch.of("http://example.org/plain")),
            SANDBOX,
            "web",
            Optional.of(1000),
            Optional.of(URI.create("http://10.97.0.1:8080")));
    assertThat(FetchOrder.decode(order.encode())).isEqualTo(order);
  }

  @Test
  void whatIsOptionalMayBeMissing() {
    var order =
        new FetchOrder(
            List.of(Fetch.of("http://a/b")), SANDBOX, "", Optional.empty(), Optional.empty());
    assertThat(FetchOrder.decode(order.encode())).isEqualTo(order);
    assertThat(
            FetchOrder.decode(
                "{\"sandbox\":\"/slipway/work/sandbox\",\"artifacts\":[{\"uri\":\"http://a/b\"}],"
                    + "\"later\":1}"))
        .isEqualTo(order);
  }

  @Test
  void aBrokenOrderIsRefusedWithoutAWordOfWhatItHolds() {
    assertThatThrownBy(() -> FetchOrder.decode("{\"sandbox\": \"secret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the fetch order is not JSON");
    assertThatThrownBy(() -> FetchOrder.decode("{\"artifacts\": []}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the fetch order has no sandbox");
    assertThatThrownBy(() -> FetchOrder.decode("{\"sandbox\": \"here\", \"artifacts\": []}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not an absolute path");
  }

  @Test
  void itNeverShowsItsAddresses() {
    var order =
        new FetchOrder(
            List.of(Fetch.of("http://user:password@a/b")),
            SANDBOX,
            "",
            Optional.empty(),
            Optional.empty());
    assertThat(order.toString()).doesNotContain("password");
  }
}
