/// The frontier of the crawl, its log on disk, the items and the report.
@NullMarked
package dev.slipway.example.crawler.store;

import org.jspecify.annotations.NullMarked;
