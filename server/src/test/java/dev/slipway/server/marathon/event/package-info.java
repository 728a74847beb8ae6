/// Tests of the event stream.
@NullMarked
package dev.slipway.server.marathon.event;

import org.jspecify.annotations.NullMarked;
