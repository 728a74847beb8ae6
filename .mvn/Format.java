import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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
    String wrapped = source.lines().map(Format::wrap).collect(Collectors.joining("\n", "", "\n"));
    String ordered = ImportOrderer.reorderImports(wrapped, JavaFormatterOptions.Style.GOOGLE);
    return new Formatter().formatSource(RemoveUnusedImports.removeUnusedImports(ordered));
  }

  /// Wraps a Markdown comment that is too long, since the formatter would go on with `//`.
  private static String wrap(String line) {
    int marker = line.indexOf("/// ");
    if (line.length() <= WIDTH || marker < 0 || !line.substring(0, marker).isBlank()) {
      return line;
    }
    int space = line.lastIndexOf(' ', WIDTH);
    if (space <= marker + 3) {
      return line;
    }
    String prefix = line.substring(0, marker + 4);
    return line.substring(0, space) + "\n" + wrap(prefix + line.substring(space + 1));
  }
}
