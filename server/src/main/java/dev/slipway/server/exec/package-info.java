/// Commands in tasks that clients talk to.
@NullMarked
package dev.slipway.server.exec;

import org.jspecify.annotations.NullMarked;
