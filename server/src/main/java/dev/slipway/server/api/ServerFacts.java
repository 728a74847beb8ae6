package dev.slipway.server.api;

import dev.slipway.core.control.Limits;
import dev.slipway.server.http.HttpLimits;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// What a server is.
///
/// @param version Slipway's own
/// @param isolation how tasks are kept apart, in the engine's word, which a server learns when it
/// first
///     leads
/// @param limits their names and values, shown as they are
public record ServerFacts(
    String version, Instant startedAt, Supplier<String> isolation, SortedMap<String, Long> limits) {
  public ServerFacts {
    limits = Collections.unmodifiableSortedMap(new TreeMap<>(limits));
  }

  /// The limits of the HTTP server and of the core; more may be added.
  public static SortedMap<String, Long> limits(HttpLimits http) {
    var limits = new TreeMap<String, Long>();
    limits.put("httpBodyBytes", http.bodyBytes());
    limits.put("httpHeaderBytes", (long) http.headerBytes());
    limits.put("httpConnections", (long) http.connections());
    limits.put("httpRequests", (long) http.requests());
    limits.put("deployments", (long) Limits.DEPLOYMENTS);
    limits.put("instancesPerApp", (long) Limits.INSTANCES);
    limits.put("apps", (long) Limits.APPS);
    return limits;
  }
}
