@NullMarked
package dev.slipway.artifacts;

import org.jspecify.annotations.NullMarked;
