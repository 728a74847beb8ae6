package dev.slipway.core.leadership;

/// A server as others see it when it leads.
///
/// @param name what people call it
/// @param address the URL at which other servers reach its API
public record Candidate(ServerId id, String name, String address) {}
