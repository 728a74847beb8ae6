package dev.slipway.core.engine;

/// The size of a terminal in characters, as `stty size` tells it.
public record TerminalSize(int columns, int rows) {
  /// The size where nobody said another.
  public static final TerminalSize DEFAULT = new TerminalSize(80, 24);

  /// No screen is wider or higher.
  public static final int LARGEST = 4096;

  public TerminalSize {
    if (columns < 1 || rows < 1 || columns > LARGEST || rows > LARGEST) {
      throw new IllegalArgumentException(
          "a terminal has 1 to " + LARGEST + " columns and rows, not " + columns + " x " + rows);
    }
  }
}
