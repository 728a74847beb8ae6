package dev.slipway.example.crawler.store;

import dev.slipway.example.crawler.message.Address;
import dev.slipway.example.crawler.message.Item;
import dev.slipway.example.crawler.message.Page;
import dev.slipway.example.crawler.message.PageResult;
import dev.slipway.example.crawler.store.CrawlEvent.Beyond;
import dev.slipway.example.crawler.store.CrawlEvent.CrawlStarted;
import dev.slipway.example.crawler.store.CrawlEvent.PageEnded;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/// Which pages are known, which are out with the workers, and which have ended.
///
/// A page is known by its address. It waits, is handed out, and ends once: as parsed, skipped or
/// failed. The crawl is done when every known page has ended; as a page's links become known in the
/// same step that ends it, no moment before can look like the end. Results may come twice, late, or
/// from before a restart: only the first counts.
///
/// `decide` looks and changes nothing, `evolve` carries an event into the state: replaying the
/// events gives the same frontier again, except for who has a page in hand; pages that were handed
/// out wait again. Owned by one thread.
final class Frontier {
  /// A page that was lost with its queue is handed out again, so many times at most.
  static final int HAND_OUT_LIMIT = 10;

  private final int pageLimit;
  private final int itemLimit;
  private final Map<String, Known> known = new HashMap<>();
  private final Set<String> itemLinks = new HashSet<>();
  private final ArrayDeque<Page> waiting = new ArrayDeque<>();
  private final SequencedSet<String> handedOut = new LinkedHashSet<>();
  private final Set<String> scope = new HashSet<>();
  private int ended;

  /// @param pageLimit how many pages may be known
  /// @param itemLimit how many items may be known
  Frontier(int pageLimit, int itemLimit) {
    this.pageLimit = pageLimit;
    this.itemLimit = itemLimit;
  }

  private record Known(Page page, boolean ended, int timesHandedOut) {}

  /// The beginning of a crawl, or nothing if all these pages are known.
  Optional<CrawlStarted> decideStart(List<String> seeds, Instant now) {
    List<Page> pages =
        seeds.stream()
            .distinct()
            .filter(url -> !known.containsKey(url))
            .map(url -> new Page(url, 0, true))
            .toList();
    if (pages.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new CrawlStarted(now, pages));
  }

  /// The end of a page, or nothing if it has ended before or is none of this crawl.
  Optional<PageEnded> decide(PageResult result, Instant now) {
    Page page = result.page();
    Known entry = known.get(page.url());
    if (isEnded(page.url()) || (entry == null && !isInScope(page.url()))) {
      return Optional.empty();
    }
    Set<String> pages = new LinkedHashSet<>();
    int outside = 0;
    int past = result.droppedLinks();
    for (String link : result.links()) {
      if (known.containsKey(link) || link.equals(page.url()) || pages.contains(link)) {
        continue;
      }
      if (!isInScope(link) && !widensScope(result)) {
        outside++;
      } else if (known.size() + pages.size() >= pageLimit) {
        past++;
      } else {
        pages.add(link);
      }
    }
    return Optional.of(
        new PageEnded(
            now,
            page,
            result.ending(),
            result.kind(),
            result.version(),
            newItems(result),
            pages.stream().map(link -> pageFor(link, result)).toList(),
            new Beyond(outside, past)));
  }

  void evolve(CrawlEvent event) {
    switch (event) {
      case CrawlStarted started -> started.pages().forEach(this::admit);
      case PageEnded end -> {
        // A page that this store never handed out comes from a crawl before it lost its disk: it
        // counts all the same.
        known.put(end.page().url(), new Known(end.page(), true, 0));
        handedOut.remove(end.page().url());
        ended++;
        end.items().forEach(item -> itemLinks.add(item.link()));
        end.pages().forEach(this::admit);
      }
    }
  }

  /// Pages to hand out, so that not more than `window` are out.
  List<Page> due(int window) {
    List<Page> pages = new ArrayList<>();
    for (Page page : waiting) {
      if (handedOut.size() + pages.size() >= window) {
        break;
      }
      if (!isEnded(page.url())) {
        pages.add(page);
      }
    }
    return pages;
  }

  /// These pages, the first of those that were due, are with the queue now.
  void handOut(List<Page> pages) {
    Set<Page> gone = new HashSet<>(pages);
    while (!waiting.isEmpty()
        && (gone.remove(waiting.getFirst()) || isEnded(waiting.getFirst().url()))) {
      waiting.removeFirst();
    }
    for (Page page : pages) {
      known.computeIfPresent(
          page.url(),
          (_, entry) -> new Known(entry.page(), entry.ended(), entry.timesHandedOut() + 1));
      handedOut.add(page.url());
    }
  }

  /// The queues hold nothing, so what was handed out is lost: it waits again.
  ///
  /// @return pages that were handed out too often, and shall end as failed
  List<Page> takeBack() {
    List<Page> hopeless = new ArrayList<>();
    for (String url : handedOut) {
      Known entry = known.get(url);
      if (entry == null) {
        continue;
      }
      if (entry.timesHandedOut() >= HAND_OUT_LIMIT) {
        hopeless.add(entry.page());
      } else {
        waiting.add(entry.page());
      }
    }
    handedOut.clear();
    return hopeless;
  }

  boolean isDone() {
    return !known.isEmpty() && ended == known.size();
  }

  int known() {
    return known.size();
  }

  int ended() {
    return ended;
  }

  int handedOut() {
    return handedOut.size();
  }

  private List<Item> newItems(PageResult result) {
    Set<String> links = new HashSet<>();
    return result.items().stream()
        .filter(item -> !itemLinks.contains(item.link()) && links.add(item.link()))
        .limit(Math.max(0, itemLimit - itemLinks.size()))
        .toList();
  }

  private void admit(Page page) {
    if (known.putIfAbsent(page.url(), new Known(page, false, 0)) != null) {
      return;
    }
    waiting.add(page);
    if (page.seed()) {
      Address.origin(page.url()).ifPresent(scope::add);
    }
  }

  private boolean isEnded(String url) {
    Known entry = known.get(url);
    return entry != null && entry.ended();
  }

  private boolean isInScope(String url) {
    return Address.origin(url).filter(scope::contains).isPresent();
  }

  /// A crawl that was started at `http://example.com` and sent to `https://www.example.com` means
  /// the latter.
  private static boolean widensScope(PageResult result) {
    return isRedirect(result) && result.page().seed();
  }

  private static boolean isRedirect(PageResult result) {
    return result.kind().equals(PageResult.REDIRECTED);
  }

  private static Page pageFor(String link, PageResult result) {
    if (isRedirect(result)) {
      return result.page().redirectedTo(link);
    }
    return new Page(link, 0, false);
  }
}
