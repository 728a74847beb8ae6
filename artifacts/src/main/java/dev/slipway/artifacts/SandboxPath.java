package dev.slipway.artifacts;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A path that stays below the sandbox: names joined by `/`, none of them `.`, `..` or empty.
record SandboxPath(List<String> names) {
  /// Longest name that Linux's file systems hold.
  static final int NAME_BYTES = 255;

  private static final int SHOWN_CHARACTERS = 120;

  SandboxPath {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("the sandbox itself is not below the sandbox");
    }
  }

  /// Reads a user's or an archive's path. `./a` and `a//b` are taken as they are meant.
  ///
  /// @throws ArtifactProblem when it is empty, absolute, too long, too deep, or leaves the sandbox
  static SandboxPath parse(String text, ExtractionLimits limits) throws ArtifactProblem {
    List<String> names = namesOf(text, limits);
    if (names.isEmpty()) {
      throw new ArtifactProblem("the path " + quoted(text) + " names no file");
    }
    return new SandboxPath(names);
  }

  /// The names of a relative path; none when it names the sandbox itself.
  static List<String> namesOf(String text, ExtractionLimits limits) throws ArtifactProblem {
    if (text.isEmpty()) {
      throw new ArtifactProblem("a path is empty");
    }
    if (text.startsWith("/")) {
      throw new ArtifactProblem("the path " + quoted(text) + " is absolute");
    }
    if (text.indexOf('\0') >= 0) {
      throw new ArtifactProblem("the path " + quoted(text) + " has a NUL in it");
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > limits.pathBytes()) {
      throw new ArtifactProblem(
          "the path " + quoted(text) + " is longer than " + limits.pathBytes() + " bytes");
    }
    var names = new ArrayList<String>();
    for (String name : text.split("/", -1)) {
      if (name.equals("..")) {
        throw new ArtifactProblem("the path " + quoted(text) + " leaves the sandbox");
      }
      if (name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
        throw new ArtifactProblem("a name in " + quoted(text) + " is longer than 255 bytes");
      }
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    if (names.size() > limits.depth()) {
      throw new ArtifactProblem(
          "the path " + quoted(text) + " is deeper than " + limits.depth() + " directories");
    }
    return names;
  }

  /// Text from outside, safe to print on one line.
  static String quoted(String text) {
    var shown = new StringBuilder("\"");
    text.codePoints()
        .limit(SHOWN_CHARACTERS)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return shown.append(text.length() > SHOWN_CHARACTERS ? "...\"" : "\"").toString();
  }

  String name() {
    return names.getLast();
  }

  /// The names of the directory it lies in; none for the sandbox itself.
  List<String> directory() {
    return names.subList(0, names.size() - 1);
  }

  @Override
  public String toString() {
    return String.join("/", names);
  }
}
