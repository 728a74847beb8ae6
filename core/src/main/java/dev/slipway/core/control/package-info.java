/// What to do next: inputs, decisions and effects.
@NullMarked
package dev.slipway.core.control;

import org.jspecify.annotations.NullMarked;
