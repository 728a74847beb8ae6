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
  private String host = "127.0.0.1";

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

  /// The same group on several nodes: what has a fixed port stands on one of them, where all others
  /// find it, and the workers spread.
  ///
  /// @param address the address of that node
  public CrawlerGroup onNodes(String node, String address) {
    for (String role : List.of("site", "queue", "store", "fetch", "parse")) {
      env(role).put("BIND", "0.0.0.0");
      for (String other : List.of("QUEUE_URL", "SITE_URL")) {
        String url = env(role).path(other).asString("");
        if (!url.isEmpty()) {
          env(role).put(other, url.replace(host, address));
        }
      }
      boolean fixed = List.of("site", "queue", "store").contains(role);
      List<String> constraint =
          fixed ? List.of("hostname", "LIKE", node) : List.of("hostname", "GROUP_BY");
      app(role).set("constraints", Answer.JSON.valueToTree(List.of(constraint)));
    }
    host = address;
    return this;
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
    return URI.create("http://" + host + ":" + ports.get(STORE));
  }

  public URI site() {
    return URI.create("http://" + host + ":" + ports.get(SITE));
  }

  private ObjectNode env(String app) {
    return app(app).withObject("env");
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
