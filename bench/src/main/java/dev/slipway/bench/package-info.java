/// Benchmarks: `./slipway bench NAME`. They inform; tests judge. Never on the product's class path.
@NullMarked
package dev.slipway.bench;

import org.jspecify.annotations.NullMarked;
