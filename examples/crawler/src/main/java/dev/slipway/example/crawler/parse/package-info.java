/// Reading items and links out of pages.
@NullMarked
package dev.slipway.example.crawler.parse;

import org.jspecify.annotations.NullMarked;
