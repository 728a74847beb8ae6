package dev.slipway.core.linearizability;

import java.util.Objects;
import java.util.Optional;

/// What one client asked of one key, such as an app, and what it was told.
///
/// @param client for people
/// @param invoked when it was asked, in any unit, by one clock for all
/// @param returned when it was answered; {@link #NEVER} if what came of it is not known
public record Operation(String client, String key, long invoked, long returned, Action action) {
  public static final long NEVER = Long.MAX_VALUE;

  public Operation {
    if (returned < invoked) {
      throw new IllegalArgumentException("answered at %d, before %d".formatted(returned, invoked));
    }
  }

  /// Whether it is known to have happened before its answer; otherwise it may have, may do so at
  /// any time later, or never.
  boolean isAnswered() {
    return returned != NEVER;
  }

  /// What a register does. A value is a version; an empty one says that there is nothing.
  public sealed interface Action {
    /// What is there afterwards, where it can happen while `now` is there.
    Optional<Optional<String>> from(Optional<String> now);

    /// What was there before, where that is known from it.
    default Optional<Optional<String>> shown() {
      return Optional.empty();
    }
  }

  /// Puts a value in place, or with none removes what is there.
  public record Write(Optional<String> value) implements Action {
    @Override
    public Optional<Optional<String>> from(Optional<String> now) {
      return Optional.of(value);
    }
  }

  /// Puts a value in place of the expected one.
  public record Replace(Optional<String> expected, Optional<String> value) implements Action {
    @Override
    public Optional<Optional<String>> from(Optional<String> now) {
      return now.equals(expected) ? Optional.of(value) : Optional.empty();
    }

    @Override
    public Optional<Optional<String>> shown() {
      return Optional.of(expected);
    }
  }

  /// Was refused to replace the expected value, since another one is there.
  public record Conflict(Optional<String> expected) implements Action {
    @Override
    public Optional<Optional<String>> from(Optional<String> now) {
      return Objects.equals(now, expected) ? Optional.empty() : Optional.of(now);
    }
  }

  /// Saw what is there.
  public record Read(Optional<String> value) implements Action {
    @Override
    public Optional<Optional<String>> from(Optional<String> now) {
      return now.equals(value) ? Optional.of(now) : Optional.empty();
    }

    @Override
    public Optional<Optional<String>> shown() {
      return Optional.of(value);
    }
  }
}
