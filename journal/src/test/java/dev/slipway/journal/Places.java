package dev.slipway.journal;

import dev.slipway.testing.PostgresServer;
import java.util.Optional;

/// Schemas of real databases as the places of journals.
final class Places {
  private Places() {}

  /// A schema that no one used yet.
  static PostgresPlace fresh(PostgresServer server) {
    return of(PostgresServer.newSchema(), server.url());
  }

  /// A schema of a database as reached in this way.
  ///
  /// @param hosts as they stand in the URL
  /// @param parameters further ones, each beginning with `&`
  static PostgresPlace of(String schema, String hosts, String parameters) {
    return of(schema, PostgresServer.url(hosts, parameters));
  }

  private static PostgresPlace of(String schema, String url) {
    return new PostgresPlace(url, schema, Optional.of(PostgresServer.PASSWORD));
  }
}
