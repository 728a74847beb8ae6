/// One slot of an app, from scheduled to gone.
@NullMarked
package dev.slipway.core.instance;

import org.jspecify.annotations.NullMarked;
