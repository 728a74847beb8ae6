/// Tests of Marathon's API, on a platform in memory and over HTTP.
@NullMarked
package dev.slipway.server.marathon;

import org.jspecify.annotations.NullMarked;
