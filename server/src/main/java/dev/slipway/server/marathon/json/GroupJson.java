package dev.slipway.server.marathon.json;

import java.util.List;
import java.util.Optional;

/// A group with what lies in it; each list is there when it was asked for (`embed`).
///
/// @param enforceRole there when it was set
public record GroupJson(
    String id,
    Optional<List<AppInfoJson>> apps,
    Optional<List<GroupJson>> groups,
    Optional<List<Object>> pods,
    List<String> dependencies,
    Optional<Boolean> enforceRole,
    String version) {}
