/// Programs that the tests run as tasks. They use nothing but the JDK and are one class file each.
@NullMarked
package dev.slipway.endtoend.task;

import org.jspecify.annotations.NullMarked;
