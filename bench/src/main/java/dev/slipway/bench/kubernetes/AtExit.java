package dev.slipway.bench.kubernetes;

/// What has to be ended, also when this process is interrupted before it comes to that.
final class AtExit {
  private final Thread hook;

  private AtExit(Thread hook) {
    this.hook = hook;
  }

  static AtExit run(String name, Runnable ending) {
    Thread hook = Thread.ofPlatform().name("end " + name).unstarted(ending);
    Runtime.getRuntime().addShutdownHook(hook);
    return new AtExit(hook);
  }

  /// It has been ended.
  void done() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException onTheWayOut) {
      // It is being run, and does no harm a second time.
      return;
    }
  }
}
