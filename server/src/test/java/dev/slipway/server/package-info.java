/// The whole server, with engines of tests.
@NullMarked
package dev.slipway.server;

import org.jspecify.annotations.NullMarked;
