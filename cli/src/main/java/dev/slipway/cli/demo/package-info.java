/// The demonstration: a platform of its own, and the example crawler on it.
@NullMarked
package dev.slipway.cli.demo;

import org.jspecify.annotations.NullMarked;
