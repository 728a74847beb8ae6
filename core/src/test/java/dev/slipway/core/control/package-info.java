/// Decisions, one by one.
@NullMarked
package dev.slipway.core.control;

import org.jspecify.annotations.NullMarked;
