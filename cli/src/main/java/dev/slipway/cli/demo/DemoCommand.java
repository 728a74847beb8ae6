package dev.slipway.cli.demo;

import dev.slipway.cli.Complaint;
import dev.slipway.cli.Exit;
import dev.slipway.cli.Pause;
import dev.slipway.cli.Progress;
import dev.slipway.cli.Session;
import dev.slipway.cli.Words;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs a whole platform for as long as it lasts, and the example crawler on it.
@Command(
    name = "demo",
    description = "Starts a platform of its own here and runs the example crawler on it.",
    footer = {
      "",
      "Crawls the example site that it serves, or each site named with --url. Ctrl-C ends it all.",
      "",
      "Examples:",
      "  slipway demo",
      "  slipway demo --url https://example.org",
      "  slipway demo --exit-when-done --json"
    })
public final class DemoCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration LONGEST_DEPLOYMENT = Duration.ofMinutes(3);

  private static final Duration LINE_INTERVAL = Duration.ofSeconds(3);

  private final Session session;
  private long shown = System.nanoTime() - LINE_INTERVAL.toNanos();

  @Option(
      names = "--exit-when-done",
      description = "End with a summary once the crawl is complete; 1 if anything failed.")
  boolean exitWhenDone;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where the platform's API listens; 127.0.0.1:8080, or any free port.")
  Optional<String> listen = Optional.empty();

  @Option(
      names = "--items",
      paramLabel = "N",
      description = "How many items the example site has; 3000.")
  int items = CrawlerGroup.USUAL_ITEMS;

  public DemoCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<String> seeds = session.urls();
    Path home = Path.of(System.getProperty("slipway.home", "")).toAbsolutePath();
    CrawlerGroup group = CrawlerGroup.prepare(home, seeds, items);
    try (DemoPlatform platform = DemoPlatform.start(listen)) {
      session.note("The platform runs at " + platform.uri() + " (try: " + hint(platform) + ")");
      platform.store(home.resolve("examples/crawler/target/crawler.tar.gz"));
      platform.store(home.resolve("examples/crawler/target/queue.tar.gz"));
      String deployment = platform.deploy(group.json());
      return watch(platform, group, deployment).code();
    }
  }

  private static String hint(DemoPlatform platform) {
    boolean usual = platform.uri().getPort() == 8080;
    return usual ? "slipway ps" : "slipway ps --url " + platform.uri();
  }

  private Exit watch(DemoPlatform platform, CrawlerGroup group, String deployment) {
    var progress = new Progress(session);
    long began = System.nanoTime();
    boolean told = false;
    while (true) {
      platform.check();
      DemoPlatform.Deployed deployed = platform.look(deployment, group.appIds());
      Optional<Crawl> crawl = Crawl.look(group.storeUrl());
      if (deployed.ready() && !told) {
        told = true;
        group.urls().forEach((name, url) -> progress.say("%-7s %s".formatted(name, url)));
      }
      if (isTimeToShow()) {
        progress.show(lines(deployed, crawl));
      }
      if (deployed.failure().isPresent() || (!told && isTooLong(began))) {
        progress.clear();
        throw Complaint.of(Exit.FAILED, "The crawler does not start")
            .because(List.of(deployed.failure().orElse("not ready within 3 minutes")));
      }
      if (crawl.isPresent() && crawl.get().done() && exitWhenDone) {
        progress.clear();
        return conclude(crawl.get());
      }
      Pause.of(LOOK);
    }
  }

  /// A terminal is drawn anew at each look; a file gets a line now and then.
  private boolean isTimeToShow() {
    long now = System.nanoTime();
    boolean due = session.screen().terminal() || now - shown > LINE_INTERVAL.toNanos();
    if (due) {
      shown = now;
    }
    return due;
  }

  private static boolean isTooLong(long began) {
    return Duration.ofNanos(System.nanoTime() - began).compareTo(LONGEST_DEPLOYMENT) > 0;
  }

  private static Map<String, String> lines(DemoPlatform.Deployed deployed, Optional<Crawl> crawl) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("deployment", deployed.words());
    deployed.apps().forEach((app, words) -> lines.put(app, "  %-16s %s".formatted(app, words)));
    crawl.ifPresent(
        now -> lines.put("crawl", (now.done() ? "complete: " : "crawling: ") + now.words()));
    return lines;
  }

  private Exit conclude(Crawl crawl) {
    boolean good = crawl.errors() == 0 && crawl.items() > 0;
    if (session.json()) {
      session.print(crawl.summary());
      return good ? Exit.OK : Exit.FAILED;
    }
    session.print(
        "%s: %,d pages and %,d items in %s (%.0f pages/s), %s"
            .formatted(
                good ? "Done" : "FAILED",
                crawl.pages(),
                crawl.items(),
                Words.duration(Duration.ofMillis(Math.round(crawl.seconds() * 1000))),
                crawl.pagesPerSecond(),
                Words.count(crawl.errors(), "error")));
    return good ? Exit.OK : Exit.FAILED;
  }
}
