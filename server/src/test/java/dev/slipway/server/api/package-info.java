/// The API over real connections, on states that the real core decided.
@NullMarked
package dev.slipway.server.api;

import org.jspecify.annotations.NullMarked;
