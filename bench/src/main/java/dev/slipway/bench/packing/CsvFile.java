package dev.slipway.bench.packing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/// A table of a trace: plain commas without quotes, the first line names the columns, maybe
/// gzipped.
final class CsvFile {
  private static final int MAX_ROWS = 10_000_000;

  private final Path path;
  private final List<String> columns;
  private final List<String[]> rows;

  private CsvFile(Path path, List<String> columns, List<String[]> rows) {
    this.path = path;
    this.columns = columns;
    this.rows = rows;
  }

  /// @throws IOException where it is no such table
  static CsvFile read(Path path) throws IOException {
    try (InputStream file = Files.newInputStream(path);
        InputStream plain = path.toString().endsWith(".gz") ? new GZIPInputStream(file) : file;
        var lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      String first = lines.readLine();
      if (first == null) {
        throw new IOException(path + " is empty");
      }
      List<String> columns = List.of(first.split(",", -1));
      List<String[]> rows = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] row = line.split(",", -1);
        if (row.length != columns.size() || rows.size() == MAX_ROWS) {
          throw new IOException(path + ": line " + (rows.size() + 2) + " cannot be read");
        }
        rows.add(row);
      }
      return new CsvFile(path, columns, rows);
    }
  }

  int rows() {
    return rows.size();
  }

  /// @throws IOException without such a column
  String text(int row, String column) throws IOException {
    int index = columns.indexOf(column);
    if (index < 0) {
      throw new IOException(path + " has no column '" + column + "', only " + columns);
    }
    return rows.get(row)[index];
  }

  /// A number, maybe infinite; `unknown` where nothing stands.
  ///
  /// @throws IOException where something else stands
  double number(int row, String column, double unknown) throws IOException {
    String text = text(row, column);
    if (text.isEmpty()) {
      return unknown;
    }
    if (text.equals("inf")) {
      return Double.POSITIVE_INFINITY;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException wrong) {
      throw new IOException(path + ": '" + text + "' is no number of " + column, wrong);
    }
  }

  /// @throws IOException where no whole number stands
  long whole(int row, String column) throws IOException {
    double number = number(row, column, Double.NaN);
    if (number != Math.rint(number)) {
      throw new IOException(path + ": " + number + " is no whole number of " + column);
    }
    return (long) number;
  }
}
