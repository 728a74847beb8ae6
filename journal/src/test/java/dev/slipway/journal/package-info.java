@NullMarked
package dev.slipway.journal;

import org.jspecify.annotations.NullMarked;
