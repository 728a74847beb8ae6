@NullMarked
package dev.slipway.example.crawler.parse;

import org.jspecify.annotations.NullMarked;
