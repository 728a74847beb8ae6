package dev.slipway.cli;

/// What a deployment was begun for, in the words of its last line.
public enum Goal {
  DEPLOYED("deployed"),
  SCALED("scaled"),
  RESTARTED("restarted"),
  ROLLED_BACK("rolled back"),
  DESTROYED("destroyed");

  private final String done;

  Goal(String done) {
    this.done = done;
  }

  String done() {
    return done;
  }
}
