/// How a server answers that does not lead: what it knows itself from its warm state, all else by
/// the leader.
@NullMarked
package dev.slipway.server.forward;

import org.jspecify.annotations.NullMarked;
