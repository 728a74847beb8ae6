/// Slipway's own API under `/api/v1`, with `/health` and `/metrics`.
@NullMarked
package dev.slipway.server.api;

import org.jspecify.annotations.NullMarked;
