@NullMarked
package dev.slipway.server.link;

import org.jspecify.annotations.NullMarked;
