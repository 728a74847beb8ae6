package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `/v2/eventSubscriptions` over HTTP.
class SubscriptionsTest {
  private static final String PATH = "/v2/eventSubscriptions";
  private static final String URL = "http://127.0.0.1:9/hook";

  private final Served served = new Served();

  @AfterEach
  void stop() {
    served.close();
  }

  @Test
  void subscribersComeAndGo() throws IOException {
    assertThat(served.get(PATH).body()).isEqualTo("{\"callbackUrls\":[]}");
    var subscribed = served.send("POST", PATH + "?callbackUrl=" + URL, "");
    assertThat(subscribed.status()).isEqualTo(200);
    Golden.check("subscribe-event.json", subscribed.body());
    assertThat(served.get(PATH).body()).isEqualTo("{\"callbackUrls\":[\"" + URL + "\"]}");
    var gone = served.delete(PATH + "?callbackUrl=http%3A%2F%2F127.0.0.1%3A9%2Fhook");
    assertThat(gone.status()).isEqualTo(200);
    assertThat(Served.json(gone).path("eventType").asString("")).isEqualTo("unsubscribe_event");
    assertThat(served.get(PATH).body()).isEqualTo("{\"callbackUrls\":[]}");
    assertThat(served.delete(PATH + "?callbackUrl=" + URL).status()).isEqualTo(200);
  }

  @Test
  void whatIsWrongIsTold() {
    assertThat(served.send("POST", PATH, "").body())
        .isEqualTo("{\"message\":\"'callbackUrl' must be given\"}");
    assertThat(served.send("POST", PATH + "?callbackUrl=ftp://x/", "").body())
        .isEqualTo("{\"message\":\"'callbackUrl' must begin with http:// or https://\"}");
    assertThat(served.send("PUT", PATH + "?callbackUrl=" + URL, "").status()).isEqualTo(405);
    assertThat(served.get(PATH + "/more").status()).isEqualTo(404);
  }
}
