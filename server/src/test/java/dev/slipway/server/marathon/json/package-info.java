/// Tests of reading and writing JSON.
@NullMarked
package dev.slipway.server.marathon.json;

import org.jspecify.annotations.NullMarked;
