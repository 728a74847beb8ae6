/// Several servers on one journal.
@NullMarked
package dev.slipway.server.several;

import org.jspecify.annotations.NullMarked;
