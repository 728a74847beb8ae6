package dev.slipway.engine.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// A stream over something that is read in pieces, each when it is needed.
final class PiecewiseStream extends InputStream {
  private static final int PIECE = 1024 * 1024;

  /// Reads a piece; one that is shorter than was asked for is the last.
  @FunctionalInterface
  interface Pieces {
    byte[] read(long offset, int length) throws IOException;
  }

  private final long size;
  private final Pieces pieces;
  private byte[] piece = new byte[0];
  private int position;
  private long next;

  /// @param size how much there is
  PiecewiseStream(long size, Pieces pieces) {
    this.size = size;
    this.pieces = pieces;
  }

  @Override
  public int read() throws IOException {
    return isOver() ? -1 : piece[position++] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (isOver()) {
      return -1;
    }
    int count = Math.min(length, piece.length - position);
    System.arraycopy(piece, position, target, offset, count);
    position += count;
    return count;
  }

  /// Whether nothing is left, having got the next piece if there is one.
  private boolean isOver() throws IOException {
    if (position == piece.length && next < size) {
      piece = pieces.read(next, (int) Math.min(PIECE, size - next));
      position = 0;
      next = piece.length == 0 ? size : next + piece.length;
    }
    return position == piece.length;
  }
}
