/// Tests of the control thread.
@NullMarked
package dev.slipway.server.control;

import org.jspecify.annotations.NullMarked;
