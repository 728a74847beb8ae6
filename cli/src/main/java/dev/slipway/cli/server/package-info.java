/// The commands that run a server in this process.
@NullMarked
package dev.slipway.cli.server;

import org.jspecify.annotations.NullMarked;
