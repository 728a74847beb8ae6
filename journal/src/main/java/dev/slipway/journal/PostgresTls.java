package dev.slipway.journal;

import java.io.FileNotFoundException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;

/// What the driver says when it and the server do not come to trust each other. To the driver it is
/// one of the ways in which a connection fails, which may pass; at a start it is for a person to
/// mend.
final class PostgresTls {
  private static final int DEEPEST = 10;

  /// Of a server that takes no TLS, or asks for a password where there is none.
  private static final String REJECTED = "08004";

  /// Stands in the driver's words in each language.
  private static final String VERIFIER = "PgjdbcHostnameVerifier";

  private PostgresTls() {}

  /// @return nothing where TLS is not what failed
  static Optional<JournalException> refusal(PostgresPlace place, SQLException problem) {
    return advice(problem).map(advice -> new JournalRefused(place.toString(), advice));
  }

  private static Optional<String> advice(SQLException problem) {
    String text = String.valueOf(problem.getMessage());
    if (text.contains(VERIFIER)) {
      return Optional.of(
          "its certificate is not for the name by which it is reached ("
              + text
              + "). Name it in the URL as the certificate does, or give it a certificate for this"
              + " name");
    }
    if (comesFrom(problem, CertificateException.class)) {
      return Optional.of(
          "its certificate is not trusted ("
              + text
              + "). Name the file with the certificate of the authority that issued it as"
              + " &sslrootcert=FILE in the URL, or find out who answers in the database's place");
    }
    if (comesFrom(problem, FileNotFoundException.class)) {
      return Optional.of(
          "a file that TLS takes cannot be read ("
              + text
              + "). Name the one with the authority's certificate as &sslrootcert=FILE in the URL");
    }
    if (REJECTED.equals(problem.getSQLState()) && text.contains("SSL")) {
      return Optional.of(
          "the URL demands TLS, and the server takes connections without it alone ("
              + text
              + "). Set ssl = on in the server's postgresql.conf and give it a certificate, or"
              + " change sslmode");
    }
    return Optional.empty();
  }

  private static boolean comesFrom(SQLException problem, Class<? extends Throwable> cause) {
    return Stream.iterate((Throwable) problem, each -> each != null, Throwable::getCause)
        .limit(DEEPEST)
        .anyMatch(cause::isInstance);
  }
}
