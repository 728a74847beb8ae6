package dev.slipway.server.marathon;

import java.net.URI;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// What this API tells about the server itself.
///
/// @param hostname the name or address under which clients reach it
/// @param port its HTTP port; asked each time, since it may be chosen only when the server starts
/// @param version Slipway's own version
/// @param leading where the server is that leads; asked each time
public record ServerInfo(
    String hostname, IntSupplier port, String version, Supplier<Optional<URI>> leading) {
  /// One that leads itself.
  public ServerInfo(String hostname, IntSupplier port, String version) {
    this(hostname, port, version, () -> Optional.of(URI.create(address(hostname, port))));
  }

  /// The leader as `host:port`.
  Optional<String> leader() {
    return leading.get().map(URI::getAuthority);
  }

  /// Of this server.
  public URI ownAddress() {
    return URI.create(url());
  }

  String url() {
    return address(hostname, port);
  }

  private static String address(String hostname, IntSupplier port) {
    String name = hostname.contains(":") ? "[" + hostname + "]" : hostname;
    return "http://" + name + ":" + port.getAsInt();
  }
}
