@NullMarked
package dev.slipway.example.crawler.fetch;

import org.jspecify.annotations.NullMarked;
