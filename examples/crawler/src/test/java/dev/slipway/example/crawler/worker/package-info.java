@NullMarked
package dev.slipway.example.crawler.worker;

import org.jspecify.annotations.NullMarked;
