/// The generated shop that the demo crawls.
@NullMarked
package dev.slipway.example.crawler.site;

import org.jspecify.annotations.NullMarked;
