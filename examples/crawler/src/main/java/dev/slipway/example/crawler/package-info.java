/// A crawler of independent workers joined by queues; `Main` starts one role of it.
@NullMarked
package dev.slipway.example.crawler;

import org.jspecify.annotations.NullMarked;
