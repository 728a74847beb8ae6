/// The queues: their names and limits, the server that holds them, the client of the workers.
@NullMarked
package dev.slipway.example.crawler.queue;

import org.jspecify.annotations.NullMarked;
