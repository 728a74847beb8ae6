package dev.slipway.example.crawler.site;

import dev.slipway.example.crawler.site.Shop.Article;
import dev.slipway.example.crawler.worker.Environment;
import dev.slipway.example.crawler.worker.EventLog;
import dev.slipway.example.crawler.worker.Role;
import dev.slipway.example.crawler.worker.WebServer;
import dev.slipway.example.crawler.worker.WebServer.Answer;
import java.net.URI;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The role `site`: the generated shop as a web site, with a robots.txt, redirects, a file that is
/// no page, and, if asked for, pages that fail the first time.
///
/// `/catalogue.json` tells what a polite crawler must find; no page links to it.
public final class SiteServer implements Role {
  private static final Pattern ITEM = Pattern.compile("/(item|clearance)/(\\d{1,9})-[a-z]{1,20}");
  private static final Pattern CATEGORY = Pattern.compile("/category/(\\d{1,9})");
  private static final Pattern SHORT_LINK = Pattern.compile("/go/(\\d{1,9})");
  private static final Pattern PAGE = Pattern.compile("page=(\\d{1,6})");
  private static final int FAULTS = 100_000;

  private final Shop shop;
  private final ShopPages pages;
  private final int crawlDelay;
  private final int faultPercent;
  private final ConcurrentHashMap<String, Boolean> failedOnce = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final WebServer web;

  private SiteServer(Environment environment, EventLog log) {
    this.shop =
        new Shop(
            environment.number("SITE_ITEMS", 3_000, 1, 1_000_000),
            environment.number("SITE_SEED", 1, 0, Integer.MAX_VALUE));
    this.pages = new ShopPages(shop);
    this.crawlDelay = environment.number("SITE_CRAWL_DELAY", 0, 0, 3_600);
    this.faultPercent = environment.number("SITE_FAULT_PERCENT", 0, 0, 100);
    this.web = WebServer.start(environment.bind(), environment.port(), log, this::answer);
  }

  public static SiteServer start(Environment environment, EventLog log) {
    SiteServer site = new SiteServer(environment, log);
    log.fact("site-started", "port", site.port(), "items", site.shop.items());
    return site;
  }

  @Override
  public int port() {
    return web.port();
  }

  @Override
  public boolean awaitEnd() throws InterruptedException {
    closed.await();
    return true;
  }

  @Override
  public void close() {
    web.close();
    closed.countDown();
  }

  private Answer answer(URI uri) {
    return switch (uri.getPath()) {
      case "/health" -> Answer.text(200, "ok");
      case "/robots.txt" -> Answer.text(200, robots());
      case "/catalogue.json" -> Answer.json(catalogue());
      case "/" -> pages.home();
      case "/terms.pdf" -> Answer.of(200, "application/pdf", "%PDF-1.4 (nothing to agree to)");
      default -> shopPage(uri);
    };
  }

  private Answer shopPage(URI uri) {
    if (failsNow(uri.toString())) {
      return Answer.text(503, "try again").with("Retry-After", "1");
    }
    Matcher item = ITEM.matcher(uri.getPath());
    if (item.matches()) {
      return item(uri.getPath(), Integer.parseInt(item.group(2)));
    }
    Matcher category = CATEGORY.matcher(uri.getPath());
    if (category.matches() && shop.hasCategory(Integer.parseInt(category.group(1)))) {
      return pages.category(Integer.parseInt(category.group(1)), pageNumber(uri));
    }
    Matcher link = SHORT_LINK.matcher(uri.getPath());
    if (link.matches() && shop.hasItem(Integer.parseInt(link.group(1)))) {
      String target = shop.article(Integer.parseInt(link.group(1))).path();
      return Answer.text(302, "it is at " + target).with("Location", target);
    }
    return ShopPages.missing();
  }

  private Answer item(String path, int number) {
    if (!shop.hasItem(number)) {
      return ShopPages.missing();
    }
    Article article = shop.article(number);
    if (!article.path().equals(path)) {
      return ShopPages.missing();
    }
    return pages.item(article);
  }

  private static int pageNumber(URI uri) {
    if (uri.getQuery() == null) {
      return 1;
    }
    Matcher page = PAGE.matcher(uri.getQuery());
    if (page.matches()) {
      return Integer.parseInt(page.group(1));
    }
    return 0;
  }

  /// A share of the pages, always the same ones, fails the first time that it is asked for.
  private boolean failsNow(String address) {
    return Math.floorMod(address.hashCode(), 100) < faultPercent
        && failedOnce.size() < FAULTS
        && failedOnce.putIfAbsent(address, true) == null;
  }

  private String robots() {
    String delay = "";
    if (crawlDelay > 0) {
      delay = "Crawl-delay: " + crawlDelay + "\n";
    }
    return "User-agent: *\nDisallow: /clearance/\nDisallow: /search\n" + delay;
  }

  private String catalogue() {
    return "{\"items\":%d,\"allowedItems\":%d,\"categories\":%d}"
        .formatted(shop.items(), shop.allowedItems(), shop.categories());
  }
}
