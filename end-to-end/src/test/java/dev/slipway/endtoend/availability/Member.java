package dev.slipway.endtoend.availability;

import dev.slipway.endtoend.harness.Client;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.testing.Wire;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One of several servers: a process of its own, and its own ways to what it needs.
///
/// @param address where it listens, also before it runs
/// @param databases its wires to the databases, the first one first
/// @param api its wire to Kubernetes' API
record Member(String name, URI address, RunningServer server, List<Wire> databases, Wire api) {
  /// Who stands still does not answer.
  private static final Duration GLANCE = Duration.ofSeconds(2);

  Client client() {
    return new Client(address);
  }

  /// What it says of itself and of who leads; nothing if it does not answer.
  Optional<JsonNode> view() {
    try {
      return Optional.of(client().waitingFor(GLANCE).json("/api/v1/servers"));
    } catch (UncheckedIOException silent) {
      return Optional.empty();
    }
  }

  boolean leads() {
    return view().filter(seen -> seen.at("/self/role").asString().equals("leading")).isPresent();
  }

  /// Where it says that the leader is; empty if it knows none or does not answer.
  Optional<String> knownLeader() {
    return view().map(seen -> seen.at("/leader/address").asString("")).filter(it -> !it.isEmpty());
  }

  long epoch() {
    return view().map(seen -> seen.at("/lease/epoch").asLong(0)).orElse(0L);
  }

  /// Why its last term ended; empty if it has not led yet.
  String endOfLastTerm() {
    return view().map(seen -> seen.at("/self/lastTerm/reason").asString("")).orElse("");
  }

  /// When it gave up the lead the last time, by its log.
  Instant lastStepDown() {
    return server
        .log()
        .lines()
        .filter(line -> line.contains(" leadership.ends "))
        .map(line -> Instant.parse(line.substring(0, line.indexOf(' '))))
        .reduce((earlier, later) -> later)
        .orElseThrow(() -> new AssertionError(name + " has not led"));
  }

  /// Nothing reaches its database any more, nor comes from there.
  void loseDatabase() {
    databases.forEach(Wire::silence);
  }

  /// It gets everything back that was taken from it.
  void restore() {
    databases.forEach(Wire::mend);
    api.mend();
    server.environment(Map.of());
    if (server.isAlive()) {
      server.signal("CONT");
    } else {
      server.start();
    }
  }

  void close() {
    databases.forEach(Wire::close);
    api.close();
    server.leave();
  }
}
