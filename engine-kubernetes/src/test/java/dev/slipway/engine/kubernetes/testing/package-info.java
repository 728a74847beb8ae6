/// The clusters that tests run on: a real one, or an API server alone.
@NullMarked
package dev.slipway.engine.kubernetes.testing;

import org.jspecify.annotations.NullMarked;
