@NullMarked
package dev.slipway.example.crawler.site;

import org.jspecify.annotations.NullMarked;
