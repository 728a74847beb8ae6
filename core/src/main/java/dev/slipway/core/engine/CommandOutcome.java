package dev.slipway.core.engine;

/// What a command that was run beside a task gave: its exit code and the first bytes of its output.
public record CommandOutcome(int exitCode, String output) {}
