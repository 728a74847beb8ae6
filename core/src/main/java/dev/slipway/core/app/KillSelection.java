package dev.slipway.core.app;

/// Which of several equal instances goes first when there are too many.
public enum KillSelection {
  YOUNGEST_FIRST,
  OLDEST_FIRST
}
