/// Marathon's HTTP API under `/v2`: its paths, statuses and JSON over the state and the wishes of
/// the core.
@NullMarked
package dev.slipway.server.marathon;

import org.jspecify.annotations.NullMarked;
