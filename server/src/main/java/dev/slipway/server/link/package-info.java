/// Links by which tasks elsewhere fetch the platform's own artifacts without a token.
@NullMarked
package dev.slipway.server.link;

import org.jspecify.annotations.NullMarked;
