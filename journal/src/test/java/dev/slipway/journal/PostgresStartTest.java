package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.testing.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What makes a PostgreSQL database unfit is told at once, with what, why and how to mend it.
@Timeout(120)
class PostgresStartTest {
  private PostgresServer server;
  private PostgresPlace place;

  @BeforeEach
  void find() {
    var shared = PostgresServer.shared();
    Assumptions.assumeTrue(shared.isPresent(), "PostgreSQL is not installed");
    server = shared.orElseThrow();
    place = Places.fresh(server);
  }

  @Test
  void nobodyThere() {
    assertRefused(Places.of("s", "127.0.0.1:1", ""), JournalUnreachable.class)
        .hasMessageContaining("127.0.0.1:1");
  }

  @Test
  void noSuchDatabase() {
    var other =
        new PostgresPlace(
            place.url().replace("/" + PostgresServer.DATABASE, "/nowhere"),
            place.schema(),
            place.password());
    assertRefused(other, JournalRefused.class)
        .hasMessageContaining("database \"nowhere\" does not exist")
        .hasMessageContaining("CREATE DATABASE");
  }

  @Test
  void aWrongPassword() {
    var other = new PostgresPlace(place.url(), place.schema(), Optional.of("mistyped-one"));
    assertRefused(other, JournalRefused.class)
        .hasMessageContaining("password authentication failed")
        .hasMessageContaining("SLIPWAY_JOURNAL_PASSWORD")
        .hasMessageNotContaining("mistyped-one");
  }

  @Test
  void anOldVersion() {
    assertThatThrownBy(() -> PostgresStart.checkVersion(place, 130_011))
        .isInstanceOf(JournalRefused.class)
        .hasMessageContaining("PostgreSQL 13.11")
        .hasMessageContaining("Upgrade");
    PostgresStart.checkVersion(place, 140_000);
  }

  @Test
  void aClockFarOff() {
    List<String> warnings = new ArrayList<>();
    PostgresStart.checkClock(place, Duration.ofSeconds(-4), warnings);
    assertThat(warnings).isEmpty();
    PostgresStart.checkClock(place, Duration.ofSeconds(-40), warnings);
    assertThat(warnings).singleElement().asString().contains("40 s behind this machine's");
    assertThatThrownBy(
            () -> PostgresStart.checkClock(place, Duration.ofMinutes(6), new ArrayList<>()))
        .isInstanceOf(JournalRefused.class)
        .hasMessageContaining("360 s ahead of")
        .hasMessageContaining("NTP");
  }

  /// A real server that says so of itself.
  @Test
  void aServerThatIsTooOldOrWhoseClockIsFarOffIsRefusedBeforeAnythingIsMade() {
    assertRefused(
            whereServerSays("current_setting(text) RETURNS text", "'130011'"), JournalRefused.class)
        .hasMessageContaining("PostgreSQL 13.11");
    assertRefused(
            whereServerSays(
                "clock_timestamp() RETURNS timestamptz", "pg_catalog.now() - interval '1 hour'"),
            JournalRefused.class)
        .hasMessageContaining("behind this machine's")
        .hasMessageContaining("NTP");
    assertThat(schemas()).doesNotContain(place.schema());
  }

  private PostgresPlace whereServerSays(String function, String answer) {
    String schema = "lies_" + place.schema();
    server.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    server.execute("CREATE SCHEMA " + schema);
    server.execute(
        "CREATE FUNCTION %s.%s LANGUAGE sql AS $$ SELECT %s $$"
            .formatted(schema, function, answer));
    return new PostgresPlace(
        place.url() + "&currentSchema=" + schema + ",pg_catalog", place.schema(), place.password());
  }

  private List<String> schemas() {
    List<String> found = new ArrayList<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT nspname FROM pg_namespace")) {
      while (row.next()) {
        found.add(row.getString(1));
      }
      return found;
    } catch (SQLException problem) {
      throw new IllegalStateException(problem);
    }
  }

  @Test
  void noRightToMakeASchema() {
    assertRefused(as("nobody_special"), JournalRefused.class)
        .hasMessageContaining("permission denied")
        .hasMessageContaining("CREATE SCHEMA " + place.schema() + " AUTHORIZATION");
  }

  @Test
  void rightsThatLack() {
    SqlJournal.open(place).close();
    PostgresPlace reader = as("reader");
    server.execute("GRANT USAGE ON SCHEMA " + place.schema() + " TO reader");
    server.execute("GRANT SELECT ON ALL TABLES IN SCHEMA " + place.schema() + " TO reader");
    assertRefused(reader, JournalRefused.class)
        .hasMessageContaining("INSERT on events")
        .hasMessageContaining("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA");
  }

  @Test
  void tablesOfSomethingElse() {
    server.execute("CREATE SCHEMA " + place.schema());
    server.execute("CREATE TABLE " + place.schema() + ".customers (id int)");
    assertRefused(place, JournalRefused.class)
        .hasMessageContaining("customers")
        .hasMessageContaining("--journal-schema");
  }

  @Test
  void aTableOfTheSameNameOfSomethingElse() {
    server.execute("CREATE SCHEMA " + place.schema());
    server.execute("CREATE TABLE " + place.schema() + ".journal (id int, entry text)");
    assertRefused(place, JournalRefused.class).hasMessageContaining("another program's");
  }

  @Test
  void aJournalOfAnotherForm() {
    SqlJournal.open(place).close();
    server.execute("ALTER TABLE " + place.schema() + ".events DROP COLUMN time");
    assertRefused(place, JournalRefused.class)
        .hasMessageContaining("events: batch body")
        .hasMessageContaining("restore a backup");
  }

  @Test
  void aNewerJournal() {
    SqlJournal.open(place).close();
    server.execute("UPDATE " + place.schema() + ".journal SET format = 99");
    assertRefused(place, NewerFormat.class).hasMessageContaining("has format 99");
  }

  @Test
  void aPasswordInTheUrlIsRefusedBeforeAnything() {
    assertThatThrownBy(
            () -> new PostgresPlace("jdbc:postgresql://h/d?password=x", "s", Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SLIPWAY_JOURNAL_PASSWORD");
    assertThatThrownBy(() -> new PostgresPlace("jdbc:postgresql://u@h/d", "s", Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PostgresPlace("jdbc:postgresql://h/d", "S;", Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thePlaceIsToldWithoutSecrets() {
    var told =
        new PostgresPlace(
            "jdbc:postgresql://a,b:5433/d?user=u&sslmode=verify-full&targetServerType=primary&x=y",
            "slipway",
            Optional.of("hidden"));
    assertThat(told)
        .hasToString(
            "jdbc:postgresql://a,b:5433/d?sslmode=verify-full&targetServerType=primary"
                + " (schema slipway)");
  }

  private PostgresPlace as(String role) {
    server.execute(role(role));
    return new PostgresPlace(
        place.url().replace("user=" + PostgresServer.USER, "user=" + role),
        place.schema(),
        Optional.of("weak"));
  }

  private static String role(String role) {
    return """
    DO $$ BEGIN
      IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '%1$s') THEN
        CREATE ROLE %1$s LOGIN PASSWORD 'weak';
      END IF;
    END $$\
    """
        .formatted(role);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      PostgresPlace place, Class<? extends JournalException> type) {
    return assertThatThrownBy(() -> SqlJournal.open(place).close()).isInstanceOf(type);
  }
}
