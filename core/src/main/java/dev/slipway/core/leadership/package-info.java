/// Who leads: the state machine of a server's candidacy, without I/O, clock or chance of its own.
///
/// Many servers share one journal, and one of them leads. {@link Election} says what a server is to
/// do next; whoever drives it carries that out and tells what came of it.
@NullMarked
package dev.slipway.core.leadership;

import org.jspecify.annotations.NullMarked;
