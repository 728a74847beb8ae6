package dev.slipway.journal;

import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A schema in a PostgreSQL database.
///
/// Its text names hosts, database and schema, and no user, password or other parameter but those
/// that say how it is connected to.
///
/// @param url as the driver takes it, `jdbc:postgresql://host1,host2/database?parameters`
/// @param schema where the tables lie
/// @param password nothing when the driver finds it itself, as in `~/.pgpass`
public record PostgresPlace(String url, String schema, Optional<String> password) {
  public static final String PREFIX = "jdbc:postgresql:";
  public static final String DEFAULT_SCHEMA = "slipway";

  private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,54}");
  private static final Pattern SECRET =
      Pattern.compile("[?&](password|sslpassword)=", Pattern.CASE_INSENSITIVE);
  private static final Pattern TOLD =
      Pattern.compile("[?&]((?:targetServerType|sslmode)=[^&]*)", Pattern.CASE_INSENSITIVE);

  /// @throws IllegalArgumentException when it is no such URL, holds a password or user information,
  ///     or the schema's name is not made of at most 55 small letters, digits and `_`
  public PostgresPlace {
    if (!url.startsWith(PREFIX)) {
      throw new IllegalArgumentException(
          "a journal's URL begins with '" + PREFIX + "', as jdbc:postgresql://host/database");
    }
    if (SECRET.matcher(url).find()) {
      throw new IllegalArgumentException(
          "the journal's URL holds a password, which everybody could read in the list of processes:"
              + " put it into the environment variable SLIPWAY_JOURNAL_PASSWORD, into the file that"
              + " --journal-password-file names, or into ~/.pgpass");
    }
    int end = url.indexOf('?');
    if (url.substring(0, end < 0 ? url.length() : end).contains("@")) {
      throw new IllegalArgumentException(
          "the journal's URL has a '@' before its parameters: name the user as ?user=NAME");
    }
    if (!SCHEMA.matcher(schema).matches()) {
      throw new IllegalArgumentException(
          "the journal's schema is named '%s': use at most 55 small letters, digits and '_'"
              .formatted(schema));
    }
  }

  /// What the driver is given.
  Properties properties() {
    var properties = new Properties();
    password.ifPresent(secret -> properties.setProperty("password", secret));
    properties.setProperty("ApplicationName", "slipway");
    properties.setProperty("connectTimeout", "2");
    properties.setProperty("loginTimeout", "4");
    properties.setProperty("socketTimeout", "30");
    properties.setProperty("tcpKeepAlive", "true");
    // A parameter in the URL is stronger than a property.
    return properties;
  }

  /// The schema as it stands in SQL.
  String quotedSchema() {
    return '"' + schema + '"';
  }

  /// The channel on which news are told.
  String channel() {
    return "slipway_" + schema.toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    int end = url.indexOf('?');
    var text = new StringBuilder(end < 0 ? url : url.substring(0, end));
    Matcher told = TOLD.matcher(url);
    for (char separator = '?'; told.find(); separator = '&') {
      text.append(separator).append(told.group(1));
    }
    return text + " (schema " + schema + ")";
  }
}
