package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.testing.PostgresServer;
import dev.slipway.testing.ServerCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A journal over TLS: the database's certificate is looked at before the password is told.
@Timeout(120)
class PostgresTlsTest {
  private static final String NAME = "localhost";

  @TempDir private static Path directory;
  private static Optional<PostgresServer> started = Optional.empty();
  private static Path ours;
  private static Path others;

  @BeforeAll
  static void secure() throws Exception {
    started = PostgresServer.shared();
    Assumptions.assumeTrue(started.isPresent(), "PostgreSQL is not installed");
    ServerCertificate certificate = ServerCertificate.make(directory, NAME);
    ours = certificate.certificate();
    others =
        ServerCertificate.make(Files.createDirectory(directory.resolve("others")), NAME)
            .certificate();
    server().secure(certificate);
  }

  @AfterAll
  static void unsecure() {
    started.ifPresent(PostgresServer::unsecure);
  }

  private static PostgresServer server() {
    return started.orElseThrow();
  }

  private static PostgresPlace place(String host, Path authority) {
    return Places.of(
        PostgresServer.newSchema(),
        host + ":" + server().port(),
        "&sslmode=verify-full&sslrootcert=" + authority);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      PostgresPlace place) {
    return assertThatThrownBy(() -> SqlJournal.open(place).close())
        .isInstanceOf(JournalRefused.class);
  }

  @Test
  void everyConnectionIsSecured() throws Exception {
    try (SqlJournal journal = SqlJournal.open(place(NAME, ours));
        Connection connection = server().connect();
        Statement statement = connection.createStatement()) {
      assertThat(journal.takeLeadership().value()).isEqualTo(1);
      try (ResultSet row =
          statement.executeQuery(
              "SELECT count(*) FILTER (WHERE ssl), count(*) FROM pg_stat_ssl"
                  + " JOIN pg_stat_activity USING (pid) WHERE application_name = 'slipway'")) {
        row.next();
        assertThat(row.getInt(1)).isPositive().isEqualTo(row.getInt(2));
      }
    }
  }

  @Test
  void aCertificateOfSomebodyElseIsRefused() {
    assertRefused(place(NAME, others))
        .hasMessageContaining("its certificate is not trusted")
        .hasMessageContaining("sslrootcert")
        .hasMessageNotContaining(PostgresServer.PASSWORD);
  }

  @Test
  void aCertificateForAnotherNameIsRefused() {
    assertRefused(place("127.0.0.1", ours))
        .hasMessageContaining("its certificate is not for the name")
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void anAuthorityThatIsNotThereIsNamed() {
    assertRefused(place(NAME, directory.resolve("missing.crt")))
        .hasMessageContaining("missing.crt");
  }

  @Test
  void aDatabaseWithoutTlsIsRefusedWhereItIsDemanded() {
    server().unsecure();
    try {
      assertRefused(place(NAME, ours)).hasMessageContaining("ssl = on");
    } finally {
      server().secure(new ServerCertificate(ours, directory.resolve(NAME + ".key")));
    }
  }
}
