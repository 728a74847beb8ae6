/// Runs tasks as processes of this machine: sandboxes, control groups, namespaces, supervisors.
@NullMarked
package dev.slipway.engine.local;

import org.jspecify.annotations.NullMarked;
