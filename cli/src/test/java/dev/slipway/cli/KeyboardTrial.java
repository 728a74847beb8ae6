package dev.slipway.cli;

import java.io.IOException;
import java.nio.file.Path;

/// Says what a keyboard tells and which keys are pressed, until `q`. A process of its own, since a
/// keyboard is that of its process.
final class KeyboardTrial {
  private KeyboardTrial() {}

  public static void main(String[] arguments) throws IOException {
    try (Keyboard keyboard = Keyboard.open(true)) {
      keyboard.onResize(() -> say("resized to " + keyboard.columns() + " x " + keyboard.rows()));
      say("at " + Path.of("/proc/self/fd/0").toRealPath() + " as " + ProcessHandle.current().pid());
      say("size " + keyboard.columns() + " x " + keyboard.rows());
      for (int key = System.in.read(); key >= 0 && key != 'q'; key = System.in.read()) {
        say("key " + key);
      }
    }
    say("closed");
  }

  private static void say(String line) {
    System.out.print(line + "\r\n");
    System.out.flush();
  }
}
