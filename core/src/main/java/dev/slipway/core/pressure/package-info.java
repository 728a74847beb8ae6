/// How much the tasks of a node press on each other, from what they were measured to use.
@NullMarked
package dev.slipway.core.pressure;

import org.jspecify.annotations.NullMarked;
