/// Marathon's JSON: what is read into the core's words, and what is written from them. Nothing here
/// decides anything.
@NullMarked
package dev.slipway.server.marathon.json;

import org.jspecify.annotations.NullMarked;
