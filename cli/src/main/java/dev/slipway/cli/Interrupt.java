package dev.slipway.cli;

/// What is said when the person presses Ctrl-C while the command waits.
///
/// The JVM itself ends with 130 on SIGINT after its hooks ran; this hook only says the last word.
public final class Interrupt implements AutoCloseable {
  private final Thread hook;

  private Interrupt(Thread hook) {
    this.hook = hook;
  }

  /// Until closed, an end from outside runs the word first.
  public static Interrupt says(Runnable lastWord) {
    Thread hook = Thread.ofPlatform().name("interrupt").unstarted(lastWord);
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interrupt(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending already: the hook runs, and this thread is about to stop.
      return;
    }
  }
}
