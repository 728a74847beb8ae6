/// The whole product, tried on real processes.
@NullMarked
package dev.slipway.endtoend;

import org.jspecify.annotations.NullMarked;
