/// Machines that an engine offers.
@NullMarked
package dev.slipway.core.node;

import org.jspecify.annotations.NullMarked;
