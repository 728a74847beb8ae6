package dev.slipway.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/// This build's version.
public final class Version {
  private static final String TEXT = read();

  private Version() {}

  public static String text() {
    return TEXT;
  }

  private static String read() {
    var properties = new Properties();
    try (InputStream file = Version.class.getResourceAsStream("version.properties")) {
      if (file != null) {
        properties.load(file);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("the jar is damaged", e);
    }
    return properties.getProperty("version", "unknown");
  }
}
