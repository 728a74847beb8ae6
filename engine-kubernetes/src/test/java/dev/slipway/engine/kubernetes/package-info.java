@NullMarked
package dev.slipway.engine.kubernetes;

import org.jspecify.annotations.NullMarked;
