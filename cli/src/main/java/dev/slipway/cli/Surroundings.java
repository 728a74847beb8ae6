package dev.slipway.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What one run of the command is given by its process, or by a test.
///
/// Output is UTF-8 always: what tasks and servers say passes unharmed, and our own marks are ASCII
/// when the locale asks for it ([Screen#unicode]).
public record Surroundings(
    Map<String, String> environment,
    InputStream in,
    PrintStream out,
    PrintStream err,
    Screen screen) {
  private static final int BUFFER_BYTES = 8 * 1024;

  public Surroundings {
    environment = Map.copyOf(environment);
  }

  public static Surroundings ofProcess() {
    Map<String, String> environment = System.getenv();
    return new Surroundings(
        environment,
        System.in,
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        Screen.ofProcess(environment));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    var buffered = new java.io.BufferedOutputStream(new FileOutputStream(descriptor), BUFFER_BYTES);
    return new PrintStream(buffered, false, StandardCharsets.UTF_8);
  }
}
