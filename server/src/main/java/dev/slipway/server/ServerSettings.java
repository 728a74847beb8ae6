package dev.slipway.server;

import java.nio.file.Path;

/// What a server is started with.
///
/// @param data the directory that holds everything: journal, artifacts, sandboxes, the access token
/// @param host the name or address to listen on; anything but loopback demands a token
/// @param port 0 takes any that is free
/// @param engine what tasks are run with
public record ServerSettings(Path data, String host, int port, EngineChoice engine) {
  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 8080;

  public ServerSettings {
    data = data.toAbsolutePath().normalize();
  }

  /// One that runs tasks on this machine.
  public static ServerSettings in(Path data) {
    return new ServerSettings(
        data, DEFAULT_HOST, DEFAULT_PORT, new EngineChoice.Local(LocalOffer.WHOLE));
  }

  public ServerSettings listening(String address, int number) {
    return new ServerSettings(data, address, number, engine);
  }

  public ServerSettings with(EngineChoice choice) {
    return new ServerSettings(data, host, port, choice);
  }
}
