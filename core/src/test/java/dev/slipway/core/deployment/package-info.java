/// Plans and the arithmetic of updates, one by one.
@NullMarked
package dev.slipway.core.deployment;

import org.jspecify.annotations.NullMarked;
