/// Instances put on nodes, or the reasons why not.
@NullMarked
package dev.slipway.core.placement;

import org.jspecify.annotations.NullMarked;
