package dev.slipway.endtoend.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// The group of examples/crawler with a smaller shop, and with ports that are free on this machine.
public final class CrawlerGroup {
  private static final Path EXAMPLE = Distribution.checkout().resolve("examples/crawler");
  private static final int SITE = 19080;
  private static final int STORE = 19081;
  private static final int QUEUE = 19324;

  private final Map<Integer, Integer> ports;
  private final ObjectNode group;

  private CrawlerGroup(Map<Integer, Integer> ports, ObjectNode group) {
    this.ports = ports;
    this.group = group;
  }

  /// A crawl that takes long enough for something to be done in the middle of it; more fetchers
  /// bring it to its end.
  public static CrawlerGroup ofOneSlowFetcher(int items) {
    Map<Integer, Integer> ports = new LinkedHashMap<>();
    List.of(SITE, STORE, QUEUE)
        .forEach(port -> ports.put(port, FreePort.insteadOf(port, ports.values())));
    try {
      String text = Files.readString(EXAMPLE.resolve("group.json"));
      for (var port : ports.entrySet()) {
        text = text.replace(port.getKey().toString(), port.getValue().toString());
      }
      var group = new CrawlerGroup(ports, (ObjectNode) Answer.JSON.readTree(text));
      group.env("site").put("SITE_ITEMS", Integer.toString(items));
      group.env("fetch").put("FETCH_RATE", "15");
      group.app("fetch").put("instances", 1);
      return group;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Its code.
  public List<Path> tarballs() {
    return List.of(
        EXAMPLE.resolve("target/crawler.tar.gz"), EXAMPLE.resolve("target/queue.tar.gz"));
  }

  public ObjectNode json() {
    return group;
  }

  /// The same group with parsers of another version.
  public ObjectNode withParsersOf(String version) {
    env("parse").put("PARSE_VERSION", version);
    return group;
  }

  public URI store() {
    return URI.create("http://127.0.0.1:" + ports.get(STORE));
  }

  public URI site() {
    return URI.create("http://127.0.0.1:" + ports.get(SITE));
  }

  private ObjectNode env(String app) {
    return (ObjectNode) app(app).path("env");
  }

  private ObjectNode app(String id) {
    for (var described : group.path("apps")) {
      if (described.path("id").asString().equals(id)) {
        return (ObjectNode) described;
      }
    }
    throw new AssertionError("the group has no app " + id);
  }
}
