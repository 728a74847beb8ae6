package dev.slipway.cli.demo;

import dev.slipway.cli.Complaint;
import dev.slipway.cli.Exit;
import dev.slipway.cli.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The group of examples/crawler as the demonstration deploys it: with ports that are free on this
/// machine, and the sites that the person named.
final class CrawlerGroup {
  static final int USUAL_ITEMS = 3_000;
  private static final int MOST_ITEMS = 100_000;
  private static final int SITE = 19080;
  private static final int STORE = 19081;
  private static final int QUEUE = 19324;
  private static final int FIRST_OTHER = 20_001;
  private static final int LAST_OTHER = 20_999;

  private final Json group;
  private final Map<Integer, Integer> ports;
  private final boolean ownSite;

  private CrawlerGroup(Json group, Map<Integer, Integer> ports, boolean ownSite) {
    this.group = group;
    this.ports = ports;
    this.ownSite = ownSite;
  }

  /// @param home the checkout
  /// @param items the size of the example site
  /// @param seeds the addresses to begin at; none crawls the example site that the group serves
  static CrawlerGroup prepare(Path home, List<String> seeds, int items) {
    if (items < 1 || items > MOST_ITEMS) {
      throw Complaint.of(Exit.USAGE, "--items lies within 1 to " + MOST_ITEMS);
    }
    Map<Integer, Integer> ports = new LinkedHashMap<>();
    for (int port : new int[] {SITE, STORE, QUEUE}) {
      ports.put(port, freeInsteadOf(port, ports));
    }
    String text = read(home.resolve("examples/crawler/group.json"));
    for (var port : ports.entrySet()) {
      text = text.replace(String.valueOf(port.getKey()), String.valueOf(port.getValue()));
    }
    Json group = Json.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    group = seeds.isEmpty() ? sized(group, items) : seeded(group, seeds);
    return new CrawlerGroup(group, ports, seeds.isEmpty());
  }

  Json json() {
    return group;
  }

  List<String> appIds() {
    return group.at("apps").items().stream()
        .map(app -> group.at("id").text() + "/" + app.at("id").text())
        .toList();
  }

  /// Where the report is, and the example site if it is served.
  Map<String, String> urls() {
    Map<String, String> urls = new LinkedHashMap<>();
    urls.put("report", storeUrl());
    if (ownSite) {
      urls.put("site", "http://127.0.0.1:" + ports.get(SITE) + "/");
    }
    return urls;
  }

  String storeUrl() {
    return "http://127.0.0.1:" + ports.get(STORE) + "/";
  }

  private static Json sized(Json group, int items) {
    List<Json> apps = new ArrayList<>();
    for (Json app : group.at("apps").items()) {
      boolean site = app.at("id").text().equals("site");
      Json env = app.at("env").with("SITE_ITEMS", String.valueOf(items));
      apps.add(site ? app.with("env", env) : app);
    }
    return group.with("apps", apps);
  }

  /// The group without its own site, beginning at `seeds`.
  private static Json seeded(Json group, List<String> seeds) {
    String joined = String.join(" ", seeds);
    List<Json> apps = new ArrayList<>();
    for (Json app : group.at("apps").items()) {
      if (app.at("id").text().equals("site")) {
        continue;
      }
      Json env = app.at("env");
      if (env.has("SITE_URL")) {
        app = app.with("env", env.with("SEED_URL", joined));
      }
      List<String> dependencies =
          app.at("dependencies").texts().stream()
              .filter(dependency -> !dependency.endsWith("/site"))
              .toList();
      apps.add(app.has("dependencies") ? app.with("dependencies", dependencies) : app);
    }
    return group.with("apps", apps);
  }

  private static int freeInsteadOf(int port, Map<Integer, Integer> taken) {
    if (isFree(port)) {
      return port;
    }
    for (int other = FIRST_OTHER; other <= LAST_OTHER; other++) {
      if (!taken.containsValue(other) && isFree(other)) {
        return other;
      }
    }
    throw Complaint.of(
        Exit.FAILED,
        "Port %d is in use, and so are %d to %d".formatted(port, FIRST_OTHER, LAST_OTHER));
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.isBound();
    } catch (IOException inUse) {
      return false;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw Complaint.of(Exit.FAILED, "The example is not there: " + file)
          .mend("Run the demonstration from a checkout: ./slipway demo");
    }
  }
}
