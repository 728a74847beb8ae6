package dev.slipway.example.crawler.store;

import dev.slipway.example.crawler.message.Address;
import dev.slipway.example.crawler.worker.Environment;
import dev.slipway.example.crawler.worker.Environment.BadSetting;
import java.nio.file.Path;
import java.util.List;

/// What to crawl.
///
/// @param seeds where the crawl begins, in normal form
/// @param maxPages how many pages may become known
/// @param window how many pages may be with the workers at once
/// @param directory where the crawl's log and the items are kept
record CrawlPlan(List<String> seeds, int maxPages, int window, Path directory) {
  /// What «unlimited» means: so many pages fit into the memory of the store.
  static final int PAGE_LIMIT = 200_000;

  /// Without MAX_PAGES, a site that is not the example's own is crawled so far.
  static final int OTHER_SITE_PAGES = 500;

  static final int SEED_LIMIT = 100;

  static CrawlPlan of(Environment environment) {
    String ownSite = environment.text("SITE_URL", "");
    List<String> given = environment.list("SEED_URL");
    if (given.isEmpty() && !ownSite.isEmpty()) {
      given = List.of(ownSite);
    }
    if (given.isEmpty() || given.size() > SEED_LIMIT) {
      throw new BadSetting(
          "SEED_URL has "
              + given.size()
              + " addresses, it must have 1 to "
              + SEED_LIMIT
              + ", separated by spaces");
    }
    List<String> seeds = given.stream().map(CrawlPlan::seed).distinct().toList();
    int otherwise = OTHER_SITE_PAGES;
    if (seeds.stream().allMatch(seed -> Address.origin(seed).equals(Address.origin(ownSite)))) {
      otherwise = PAGE_LIMIT;
    }
    return new CrawlPlan(
        seeds,
        environment.number("MAX_PAGES", otherwise, 1, PAGE_LIMIT),
        environment.number("WINDOW", 300, 1, 10_000),
        Path.of(environment.text("DATA_DIR", "data")));
  }

  private static String seed(String address) {
    return Address.normalise(address)
        .orElseThrow(
            () ->
                new BadSetting(
                    "SEED_URL has '"
                        + address
                        + "', which is not an address such as http://example.com/"));
  }
}
