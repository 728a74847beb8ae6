package dev.slipway.endtoend.harness;

/// A process: its number and when it began, in ticks since the machine did. Together they name one
/// process for as long as the machine runs.
public record Program(long pid, long start) {}
