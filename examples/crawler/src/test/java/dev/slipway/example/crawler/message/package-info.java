@NullMarked
package dev.slipway.example.crawler.message;

import org.jspecify.annotations.NullMarked;
