package dev.slipway.example.crawler.store;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.slipway.example.crawler.message.Item;
import dev.slipway.example.crawler.message.Page;
import dev.slipway.example.crawler.message.PageResult.Ending;
import java.time.Instant;
import java.util.List;

/// What happened to the crawl. The frontier is nothing but the sum of these, and so is a crawl that
/// goes on after a restart.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CrawlEvent.CrawlStarted.class, name = "crawl-started"),
  @JsonSubTypes.Type(value = CrawlEvent.PageEnded.class, name = "page-ended")
})
sealed interface CrawlEvent {
  Instant at();

  /// The crawl begins at these pages, or goes on with these besides.
  record CrawlStarted(Instant at, List<Page> pages) implements CrawlEvent {
    public CrawlStarted {
      pages = List.copyOf(pages);
    }
  }

  /// A page ended, for the first and only time.
  ///
  /// @param items those that were not known
  /// @param pages those that were not known
  /// @param beyond links that were left out: out of the scope, or past a limit
  record PageEnded(
      Instant at,
      Page page,
      Ending ending,
      String kind,
      String version,
      List<Item> items,
      List<Page> pages,
      Beyond beyond)
      implements CrawlEvent {
    public PageEnded {
      items = List.copyOf(items);
      pages = List.copyOf(pages);
    }
  }

  /// Links that did not become pages.
  ///
  /// @param scope those to other sites
  /// @param limit those past MAX_PAGES or past what one page may link to
  record Beyond(int scope, int limit) {}
}
