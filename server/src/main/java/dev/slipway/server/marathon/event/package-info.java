/// Marathon's event stream: what each durable event is called there, and who is told.
@NullMarked
package dev.slipway.server.marathon.event;

import org.jspecify.annotations.NullMarked;
