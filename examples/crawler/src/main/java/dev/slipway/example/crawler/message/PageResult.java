package dev.slipway.example.crawler.message;

import java.util.List;

/// How a page ended. Each page ends once; a second result for the same page is a duplicate and
/// changes nothing.
///
/// Items and links travel in the one message that also ends the page: there is no moment in which a
/// page has ended and its links are not known, and so the end of the crawl can be told exactly.
///
/// @param page the page
/// @param ending which of the three ends
/// @param kind why it failed or was skipped, from a small vocabulary (`http-404`, `robots`, ...);
/// empty if parsed
/// @param version the version of the parser, empty if none was involved
/// @param items what is for sale on the page
/// @param links the addresses in normal form that the page links to, or the target if it was
/// redirected
/// @param droppedLinks how many links were left out because of [#LINK_LIMIT] or [#LINK_BYTES_LIMIT]
public record PageResult(
    Page page,
    Ending ending,
    String kind,
    String version,
    List<Item> items,
    List<String> links,
    int droppedLinks) {
  /// Links of one page, at most.
  public static final int LINK_LIMIT = 1_500;

  /// Characters of all links of one page, at most: a message of SQS has 256 KiB.
  public static final int LINK_BYTES_LIMIT = 150_000;

  /// Items of one page, at most.
  public static final int ITEM_LIMIT = 100;

  /// The kind of a page that named another address in its place.
  public static final String REDIRECTED = "redirected";

  public PageResult {
    items = List.copyOf(items);
    links = List.copyOf(links);
  }

  /// The three ends of a page.
  public enum Ending {
    PARSED,
    SKIPPED,
    FAILED
  }

  public static PageResult failed(Page page, String kind) {
    return new PageResult(page, Ending.FAILED, kind, "", List.of(), List.of(), 0);
  }

  public static PageResult skipped(Page page, String kind) {
    return new PageResult(page, Ending.SKIPPED, kind, "", List.of(), List.of(), 0);
  }

  public static PageResult redirected(Page page, String target) {
    return new PageResult(page, Ending.SKIPPED, REDIRECTED, "", List.of(), List.of(target), 0);
  }
}
