/// Local persistent volumes: directories of a node that belong to an instance and outlive its
/// tasks.
@NullMarked
package dev.slipway.core.volume;

import org.jspecify.annotations.NullMarked;
