/// Makes the container image of Slipway.
@NullMarked
package dev.slipway.image;

import org.jspecify.annotations.NullMarked;
