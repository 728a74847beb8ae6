package dev.slipway.server.api;

import java.util.Optional;

/// What holds an app up: one instance, or the app as a whole.
///
/// @param since as a timestamp
/// @param reason a sentence for people
record Wait(String app, Optional<String> instance, String since, String reason) {}
