package dev.slipway.server.marathon;

import dev.slipway.artifacts.AddressPolicy;
import dev.slipway.server.http.HttpServer;
import dev.slipway.server.http.HttpSettings;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.RawClient;
import dev.slipway.server.marathon.event.EventStreams;
import dev.slipway.server.marathon.event.SubscriptionStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/// A platform in memory with the API behind the real HTTP server.
final class Served implements AutoCloseable {
  final MemoryPlatform platform = MemoryPlatform.withNodes();
  final AtomicInteger abdications = new AtomicInteger();
  final EventStreams events = new EventStreams(platform::now);
  final MarathonApi api;
  final HttpServer server;
  final RawClient client;

  Served() {
    this(SubscriptionStore.inMemory());
  }

  Served(SubscriptionStore subscriptions) {
    api =
        new MarathonApi(
            platform,
            instance -> Optional.empty(),
            new ServerInfo("paas.example.org", () -> 8080, "0.1.0"),
            new Surroundings(
                events,
                subscriptions,
                AddressPolicy.DEFAULT::objectionTo,
                abdications::incrementAndGet));
    platform.listen(api.transitions());
    server = HttpServer.start(HttpSettings.DEFAULT.at("127.0.0.1", 0), List.of(api));
    client = new RawClient(server.port());
  }

  RawClient.Answer get(String target, String... headers) {
    return client.get(target, headers);
  }

  RawClient.Answer send(String method, String target, String body) {
    return client.send(method, target, body, "Content-Type: application/json");
  }

  RawClient.Answer delete(String target) {
    return client.send("DELETE", target, Optional.empty());
  }

  static JsonNode json(RawClient.Answer answer) {
    return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    api.close();
    server.close();
  }
}
