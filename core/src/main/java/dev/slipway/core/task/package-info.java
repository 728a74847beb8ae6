/// What a task is told about itself.
@NullMarked
package dev.slipway.core.task;

import org.jspecify.annotations.NullMarked;
