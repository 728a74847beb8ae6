package dev.slipway.bench;

import dev.slipway.bench.kubernetes.MissingException;
import dev.slipway.journal.PostgresPlace;
import dev.slipway.testing.PostgresServer;
import java.util.Optional;

/// PostgreSQL servers as their defaults have them: each commit waits for the disk.
final class Postgres {
  private static final String DEFAULT_BUFFERS = "shared_buffers = 128MB";

  private Postgres() {}

  /// A new one on a free port of the loopback address.
  ///
  /// @throws MissingException without PostgreSQL's programs
  static PostgresServer start() {
    return PostgresServer.startFresh(DEFAULT_BUFFERS)
        .orElseThrow(
            () ->
                new MissingException(
                    "it needs PostgreSQL's programs: Debian's package postgresql, or those in the"
                        + " directory that SLIPWAY_POSTGRESQL names"));
  }

  /// A journal in it.
  ///
  /// @param port where it is reached
  static PostgresPlace place(int port, String schema) {
    return new PostgresPlace(
        PostgresServer.url("127.0.0.1:" + port, ""), schema, Optional.of(PostgresServer.PASSWORD));
  }
}
