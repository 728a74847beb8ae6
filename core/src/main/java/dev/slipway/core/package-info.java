/// What is true and what to do next: pure and deterministic.
@NullMarked
package dev.slipway.core;

import org.jspecify.annotations.NullMarked;
