/// The `slipway` command: what a person or a script sees of the platform.
///
/// One run reads its options, asks the server, and says what came of it: tables for people, the
/// server's own JSON for programs, and an exit code ([Exit]) that can be relied on.
@NullMarked
package dev.slipway.cli;

import org.jspecify.annotations.NullMarked;
