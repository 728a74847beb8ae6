package dev.slipway.server;

import dev.slipway.journal.SqlJournal;
import java.nio.file.Path;

/// What a server is started with.
///
/// @param data the directory that holds everything: journal, artifacts, sandboxes, the access token
/// @param host the name or address to listen on; anything but loopback demands a token
/// @param port 0 takes any that is free
/// @param engine what tasks are run with
/// @param journal where everything is recorded
/// @param member what the server is among several that share a journal
public record ServerSettings(
    Path data,
    String host,
    int port,
    EngineChoice engine,
    JournalChoice journal,
    MemberSettings member) {
  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 8080;

  public ServerSettings {
    data = data.toAbsolutePath().normalize();
  }

  /// One that runs tasks on this machine, and records in its own directory.
  public static ServerSettings in(Path data) {
    return new ServerSettings(
        data,
        DEFAULT_HOST,
        DEFAULT_PORT,
        new EngineChoice.Local(LocalOffer.WHOLE),
        SqlJournal::open,
        MemberSettings.DEFAULT);
  }

  public ServerSettings listening(String address, int number) {
    return new ServerSettings(data, address, number, engine, journal, member);
  }

  public ServerSettings with(EngineChoice choice) {
    return new ServerSettings(data, host, port, choice, journal, member);
  }

  public ServerSettings with(JournalChoice choice) {
    return new ServerSettings(data, host, port, engine, choice, member);
  }

  public ServerSettings with(MemberSettings settings) {
    return new ServerSettings(data, host, port, engine, journal, settings);
  }

  /// Where the keys lie.
  Path keys() {
    return member.keys().orElse(data);
  }
}
