/// What clients of Mesos read of an agent: the files of sandboxes and where they are.
@NullMarked
package dev.slipway.server.mesos;

import org.jspecify.annotations.NullMarked;
