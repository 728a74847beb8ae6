package dev.slipway.example.crawler.store;

import java.util.SortedMap;

/// The state of a crawl in numbers, as `/stats` tells it.
///
/// @param pages pages that were fetched and parsed
/// @param items items found, each link once
/// @param errors pages that failed for good
/// @param skipped pages that were not to be crawled: forbidden by robots.txt, not HTML, redirected
/// @param queued known pages that have not ended
/// @param handedOut those of them that are with the workers
/// @param known all pages of the crawl: pages + errors + skipped + queued
/// @param done whether every known page has ended
/// @param startedAt when, as ISO 8601
/// @param finishedAt when, empty while not done
/// @param seconds how long it took until now or until done
/// @param pagesPerSecond parsed pages over that time
/// @param pagesPerSecondNow parsed pages over the last seconds
/// @param errorsByKind why pages failed
/// @param skippedByKind why pages were skipped
/// @param pagesByParser parsed pages by the parser's version
/// @param linksOutOfScope links to other sites, which are not crawled
/// @param linksPastLimit links not followed because of MAX_PAGES, or of too many on one page
/// @param duplicates results that came twice and changed nothing
record Stats(
    int pages,
    int items,
    int errors,
    int skipped,
    int queued,
    int handedOut,
    int known,
    boolean done,
    String startedAt,
    String finishedAt,
    double seconds,
    double pagesPerSecond,
    double pagesPerSecondNow,
    SortedMap<String, Integer> errorsByKind,
    SortedMap<String, Integer> skippedByKind,
    SortedMap<String, Integer> pagesByParser,
    int linksOutOfScope,
    int linksPastLimit,
    int duplicates) {}
