/// Health checks, run from here.
@NullMarked
package dev.slipway.server.probe;

import org.jspecify.annotations.NullMarked;
