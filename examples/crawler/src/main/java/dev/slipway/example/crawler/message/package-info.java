/// What the workers say to each other, and its form on the wire.
@NullMarked
package dev.slipway.example.crawler.message;

import org.jspecify.annotations.NullMarked;
