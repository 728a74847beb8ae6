@NullMarked
package dev.slipway.core.scheduling;

import org.jspecify.annotations.NullMarked;
