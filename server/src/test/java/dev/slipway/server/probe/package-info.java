/// Tests of checks.
@NullMarked
package dev.slipway.server.probe;

import org.jspecify.annotations.NullMarked;
