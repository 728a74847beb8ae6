package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;

/// Rows and columns for people: fits the screen's width, never wraps.
///
/// Too wide, it first shortens its widest texts a little, then leaves out the columns that can be
/// missed, from the right, then shortens more; at last it cuts the lines. Where the output is no
/// terminal nothing is shortened, so that `grep` finds whole ids.
public final class Table {
  private static final String GAP = "  ";

  /// A text of this many columns still tells what it is about.
  private static final int STILL_TELLING = 24;

  private static final int SHORTEST = 8;

  /// A column's heading and manner.
  ///
  /// @param right numbers stand to the right
  /// @param shrink how a text may be shortened
  /// @param missable left out when there is no room
  /// @param toned its words are states ([Tone#of])
  public record Column(
      String heading, boolean right, Shrink shrink, boolean missable, boolean toned) {
    /// An id: shortened in its middle.
    public static Column id(String heading) {
      return new Column(heading, false, Shrink.MIDDLE, false, false);
    }

    /// A text: shortened at its end.
    public static Column text(String heading) {
      return new Column(heading, false, Shrink.END, false, false);
    }

    public static Column number(String heading) {
      return new Column(heading, true, Shrink.NEVER, false, false);
    }

    public static Column state(String heading) {
      return new Column(heading, false, Shrink.NEVER, false, true);
    }

    public Column orMissing() {
      return new Column(heading, right, shrink, true, toned);
    }
  }

  /// How a column's texts may be shortened.
  public enum Shrink {
    NEVER,
    END,
    MIDDLE
  }

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(Column... columns) {
    this.columns = List.of(columns);
  }

  public void row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns.size());
    }
    List<String> row = new ArrayList<>(cells.length);
    for (String cell : cells) {
      row.add(cell.isEmpty() ? "-" : Words.printable(cell));
    }
    rows.add(row);
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  public List<String> lines(Screen screen, boolean colour) {
    int[] widths = natural();
    boolean[] shown = new boolean[columns.size()];
    java.util.Arrays.fill(shown, true);
    fit(widths, shown, screen.width());
    List<String> lines = new ArrayList<>();
    List<String> headings = columns.stream().map(Column::heading).toList();
    lines.add(line(headings, widths, shown, screen, colour, true));
    rows.forEach(row -> lines.add(line(row, widths, shown, screen, colour, false)));
    return lines;
  }

  private int[] natural() {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = columns.get(i).heading().length();
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private void fit(int[] widths, boolean[] shown, int screenWidth) {
    int floor = STILL_TELLING;
    while (total(widths, shown) > screenWidth) {
      int widest = widestThatShrinks(widths, shown, floor);
      if (widest >= 0) {
        widths[widest]--;
        continue;
      }
      int missable = lastMissable(shown);
      if (missable >= 0) {
        shown[missable] = false;
      } else if (floor > SHORTEST) {
        floor = SHORTEST;
      } else {
        return;
      }
    }
  }

  private static long total(int[] widths, boolean[] shown) {
    long total = -GAP.length();
    for (int i = 0; i < widths.length; i++) {
      total += shown[i] ? widths[i] + GAP.length() : 0;
    }
    return total;
  }

  private int widestThatShrinks(int[] widths, boolean[] shown, int shortest) {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      boolean shrinks = shown[i] && columns.get(i).shrink() != Shrink.NEVER;
      int floor = Math.max(shortest, columns.get(i).heading().length());
      if (shrinks && widths[i] > floor && (widest < 0 || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  private int lastMissable(boolean[] shown) {
    for (int i = shown.length - 1; i >= 0; i--) {
      if (shown[i] && columns.get(i).missable()) {
        return i;
      }
    }
    return -1;
  }

  private String line(
      List<String> cells,
      int[] widths,
      boolean[] shown,
      Screen screen,
      boolean colour,
      boolean heading) {
    var line = new StringBuilder();
    int used = 0;
    for (int i = 0; i < widths.length; i++) {
      if (!shown[i]) {
        continue;
      }
      Column column = columns.get(i);
      String gap = line.isEmpty() ? "" : GAP;
      int room = Math.min(widths[i], screen.width() - used - gap.length());
      if (room <= 0) {
        break;
      }
      String text = shortened(cells.get(i), column.shrink(), room, screen);
      String padding = " ".repeat(room - text.length());
      Tone tone = heading ? Tone.QUIET : column.toned() ? Tone.of(text) : Tone.PLAIN;
      String painted = colour ? tone.paint(text) : text;
      line.append(gap).append(column.right() ? padding + painted : painted + padding);
      used += gap.length() + room;
    }
    return line.toString().stripTrailing();
  }

  private static String shortened(String text, Shrink shrink, int room, Screen screen) {
    return shrink == Shrink.MIDDLE
        ? Words.cutMiddle(text, room, screen)
        : Words.cut(text, room, screen);
  }
}
