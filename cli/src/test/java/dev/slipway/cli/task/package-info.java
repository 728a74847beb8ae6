@NullMarked
package dev.slipway.cli.task;

import org.jspecify.annotations.NullMarked;
