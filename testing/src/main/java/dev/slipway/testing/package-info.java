/// Real databases and networks that tests and benchmarks start, break and mend.
@NullMarked
package dev.slipway.testing;

import org.jspecify.annotations.NullMarked;
