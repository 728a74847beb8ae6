package dev.slipway.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;

/// Reads what a person wrote: JSON, or YAML. Limits: [#LARGEST_BYTES], and those of [YamlTree].
final class Documents {
  static final int LARGEST_BYTES = 4 * 1024 * 1024;

  private Documents() {}

  /// @param name a file, or `-` for the input
  static Json read(String name, InputStream input) {
    byte[] bytes = bytes(name, input);
    String shown = name.equals("-") ? "the standard input" : name;
    if (new String(bytes, StandardCharsets.UTF_8).isBlank()) {
      throw Complaint.of(Exit.USAGE, shown + " is empty");
    }
    boolean json = isJson(name, bytes);
    try {
      return json ? Json.read(bytes) : YamlTree.read(bytes);
    } catch (JacksonException e) {
      throw Complaint.of(Exit.USAGE, shown + " is no " + (json ? "JSON" : "YAML") + where(e))
          .because(java.util.List.of(firstLine(e.getOriginalMessage())));
    }
  }

  private static byte[] bytes(String name, InputStream input) {
    try {
      byte[] bytes;
      if (name.equals("-")) {
        bytes = input.readNBytes(LARGEST_BYTES + 1);
      } else {
        try (InputStream file = Files.newInputStream(Path.of(name))) {
          bytes = file.readNBytes(LARGEST_BYTES + 1);
        }
      }
      if (bytes.length > LARGEST_BYTES) {
        throw Complaint.of(
            Exit.USAGE,
            name + " is larger than " + Words.bytes(LARGEST_BYTES) + ": no description");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw Complaint.of(Exit.USAGE, "There is no file " + name);
    } catch (IOException | java.nio.file.InvalidPathException e) {
      throw Complaint.of(
          Exit.USAGE, "The file " + name + " cannot be read: " + String.valueOf(e.getMessage()));
    }
  }

  /// By the name's ending; else JSON begins with a brace or bracket.
  private static boolean isJson(String name, byte[] bytes) {
    if (name.endsWith(".json")) {
      return true;
    }
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return false;
    }
    int first = new String(bytes, StandardCharsets.UTF_8).strip().codePointAt(0);
    return first == '{' || first == '[';
  }

  private static String where(JacksonException e) {
    var location = e.getLocation();
    return location == null || location.getLineNr() < 1
        ? ""
        : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
