package dev.slipway.core.app;

import java.time.Duration;

/// A check whose result is shown and of no other effect (Marathon's `check`).
///
/// @param delay from the start of the task to the first time
public record StatusCheck(
    HealthCheck.Probe probe, Duration interval, Duration timeout, Duration delay) {}
