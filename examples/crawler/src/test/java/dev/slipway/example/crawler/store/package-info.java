@NullMarked
package dev.slipway.example.crawler.store;

import org.jspecify.annotations.NullMarked;
