package dev.slipway.core.scenario;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Command;
import dev.slipway.core.engine.TaskEnd;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// What a simulated task does; its command names it.
enum Script {
  /// Is well as soon as it runs.
  RUN,
  /// As `RUN`, but ends only when its grace is over.
  STUBBORN,
  /// As `RUN`, but needs a minute to be well.
  SLOW,
  /// Is well and unwell by turns.
  FLAKY,
  /// Never is well.
  UNHEALTHY,
  /// Its health checks never say anything.
  MUTE,
  /// Exits with code 1 after a second.
  CRASH,
  /// Exits with code 0 after a second.
  FINISH,
  /// Exits with code 0 after a while.
  JOB,
  /// Is ended for its memory after a while.
  LEAK;

  static Script of(AppSpec app) {
    return of(app.command());
  }

  static Script of(Command command) {
    String line =
        switch (command) {
          case Command.Shell shell -> shell.line();
          case Command.Arguments arguments -> arguments.argv().getFirst();
          case Command.ImageDefault _ -> "run";
        };
    return valueOf(line.toUpperCase(Locale.ROOT));
  }

  Command command() {
    return new Command.Shell(name().toLowerCase(Locale.ROOT));
  }

  /// After how long it ends by itself.
  Optional<Duration> life() {
    return switch (this) {
      case CRASH, FINISH -> Optional.of(Duration.ofSeconds(1));
      case JOB -> Optional.of(Duration.ofSeconds(40));
      case LEAK -> Optional.of(Duration.ofSeconds(90));
      case RUN, STUBBORN, SLOW, FLAKY, UNHEALTHY, MUTE -> Optional.empty();
    };
  }

  TaskEnd end() {
    return switch (this) {
      case FINISH, JOB -> exit(0);
      case LEAK -> TaskEnd.of(TaskEnd.Reason.OUT_OF_MEMORY, "out of memory");
      case CRASH, RUN, STUBBORN, SLOW, FLAKY, UNHEALTHY, MUTE -> exit(1);
    };
  }

  static TaskEnd exit(int code) {
    return new TaskEnd(TaskEnd.Reason.EXITED, Optional.of(code), Optional.empty(), "exited");
  }

  /// What its health checks say after it ran for so long.
  Optional<Boolean> health(Duration age) {
    return switch (this) {
      case RUN, STUBBORN, JOB, LEAK -> Optional.of(true);
      case SLOW -> age.toSeconds() < 60 ? Optional.empty() : Optional.of(true);
      case FLAKY -> Optional.of(age.toSeconds() % 60 < 50);
      case UNHEALTHY -> Optional.of(false);
      case MUTE, CRASH, FINISH -> Optional.empty();
    };
  }

  /// Whether its health checks fail so often that it is to be ended.
  boolean isHopeless(Duration age) {
    return this == UNHEALTHY && age.toSeconds() >= 5;
  }

  /// Whether an instance that does this may stay unready for good.
  boolean isSteady() {
    return this == RUN || this == STUBBORN || this == SLOW;
  }
}
