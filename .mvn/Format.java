import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Formats every Java source below the working directory, or fails naming those that are not formatted.
///
/// Usage: `Format.java check|apply|skip`.
class Format {
  private static final int WIDTH = 100;

  public static void main(String[] args) throws Exception {
    String mode = args.length == 1 ? args[0] : "";
    if (mode.equals("skip")) {
      return;
    }
    if (!mode.equals("check") && !mode.equals("apply")) {
      throw new IllegalArgumentException("-Dformat is one of check, apply, skip; not '" + mode + "'");
    }
    List<Path> wrong = new ArrayList<>();
    List<Path> sources;
    try (var files = Files.walk(Path.of(""))) {
      sources = files.filter(Format::isSource).sorted().toList();
    }
    for (Path source : sources) {
      String before = Files.readString(source);
      String after;
      try {
        after = format(before);
      } catch (Exception e) {
        System.err.println(source + ": " + e.getMessage());
        wrong.add(source);
        continue;
      }
      if (after.equals(before)) {
        continue;
      }
      if (mode.equals("apply")) {
        Files.writeString(source, after);
        continue;
      }
      wrong.add(source);
    }
    if (!wrong.isEmpty()) {
      wrong.forEach(path -> System.err.println("not formatted: " + path));
      System.err.println("Mend it with: ./mvnw validate -N -Dformat=apply");
      System.exit(1);
    }
  }

  private static boolean isSource(Path path) {
    String name = path.toString();
    return name.endsWith(".java") && !name.contains("target/") && !name.startsWith(".");
  }

  private static String format(String source) throws Exception {
    String ordered = ImportOrderer.reorderImports(wrap(source), JavaFormatterOptions.Style.GOOGLE);
    return new Formatter().formatSource(RemoveUnusedImports.removeUnusedImports(ordered));
  }

  /// Wraps Markdown comments that are too long, since the formatter would go on with `//`. What does
  /// not fit on a line begins the next one of the same paragraph.
  private static String wrap(String source) {
    List<String> wrapped = new ArrayList<>();
    String rest = "";
    for (String line : source.lines().toList()) {
      if (!rest.isEmpty()) {
        boolean joins = isText(line) && prefix(line).equals(prefix(rest));
        line = joins ? rest + " " + line.strip().substring(4).strip() : line;
        if (!joins) {
          wrapped.add(rest);
        }
        rest = "";
      }
      while (isComment(line) && line.length() > WIDTH) {
        int space = line.lastIndexOf(' ', WIDTH);
        if (space <= line.indexOf("/// ") + 3) {
          break;
        }
        String tail = prefix(line) + line.substring(space + 1);
        wrapped.add(line.substring(0, space));
        line = tail;
        rest = tail;
      }
      if (rest.isEmpty()) {
        wrapped.add(line);
      }
    }
    if (!rest.isEmpty()) {
      wrapped.add(rest);
    }
    return String.join("\n", wrapped) + "\n";
  }

  private static boolean isComment(String line) {
    return line.strip().startsWith("/// ");
  }

  private static String prefix(String line) {
    return line.substring(0, line.indexOf("/// ") + 4);
  }

  /// Whether the line goes on with a paragraph: not a tag, list, heading, table, quote or code block.
  private static boolean isText(String line) {
    return isComment(line) && line.strip().substring(4).matches("[^@\\-*#|>`\\s\\d].*|`[^`].*");
  }
}
