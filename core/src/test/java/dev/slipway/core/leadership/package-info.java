/// Tests of elections.
@NullMarked
package dev.slipway.core.leadership;

import org.jspecify.annotations.NullMarked;
