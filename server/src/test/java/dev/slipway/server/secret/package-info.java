@NullMarked
package dev.slipway.server.secret;

import org.jspecify.annotations.NullMarked;
