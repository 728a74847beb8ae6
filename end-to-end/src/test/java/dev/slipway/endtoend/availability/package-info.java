/// Several servers on one journal, and what becomes of tasks and writes when any part fails.
@NullMarked
package dev.slipway.endtoend.availability;

import org.jspecify.annotations.NullMarked;
