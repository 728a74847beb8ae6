/// Fetching pages politely: robots.txt, rates, retries, limits.
@NullMarked
package dev.slipway.example.crawler.fetch;

import org.jspecify.annotations.NullMarked;
