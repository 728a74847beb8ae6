/// What every role is made of: settings, event log, health, the loop over a queue.
@NullMarked
package dev.slipway.example.crawler.worker;

import org.jspecify.annotations.NullMarked;
