package dev.slipway.server.marathon;

import java.util.function.IntSupplier;

/// What this API tells about the server itself.
///
/// @param hostname the name or address under which clients reach it
/// @param port its HTTP port; asked each time, since it may be chosen only when the server starts
/// @param version Slipway's own version
public record ServerInfo(String hostname, IntSupplier port, String version) {
  /// As `host:port`.
  String leader() {
    String name = hostname.contains(":") ? "[" + hostname + "]" : hostname;
    return name + ":" + port.getAsInt();
  }

  String url() {
    return "http://" + leader();
  }
}
