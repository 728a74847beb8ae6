/// The options of the server.
package dev.slipway.cli.server;

import org.jspecify.annotations.NullMarked;
