package dev.slipway.server.marathon.json;

/// A thing named by its id alone.
public record IdJson(String id) {}
