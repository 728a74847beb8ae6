/// What runs beside tasks, in their pods.
@NullMarked
package dev.slipway.cli.task;

import org.jspecify.annotations.NullMarked;
