/// Plans that lead from one set of apps to the next, and how far they are.
@NullMarked
package dev.slipway.core.deployment;

import org.jspecify.annotations.NullMarked;
