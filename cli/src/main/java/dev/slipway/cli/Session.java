package dev.slipway.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// One run of the command: the options that hold for every command, and what the run prints to.
///
/// It is also picocli's root command, so that the options may stand anywhere on the line. Used by
/// one thread.
@Command(
    name = "slipway",
    description = "Runs apps on your own machines.",
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = false,
    sortOptions = false)
public final class Session implements Runnable {
  static final String DEFAULT_URL = "http://127.0.0.1:8080";
  private static final int LONGEST_TOKEN = 4_096;

  /// When colours are used.
  public enum Colour {
    auto,
    always,
    never
  }

  private final Surroundings surroundings;
  private @Nullable Api api;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description = "The server; SLIPWAY_URL, else " + DEFAULT_URL + ". For demo: a site to crawl.")
  List<String> urls = List.of();

  @Option(
      names = "--token-file",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "Holds the access token; or set SLIPWAY_TOKEN or SLIPWAY_TOKEN_FILE.")
  @Nullable Path tokenFile;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print the server's JSON instead of a table.")
  boolean json;

  @Option(
      names = "--color",
      scope = ScopeType.INHERIT,
      paramLabel = "WHEN",
      description = "auto, always or never; auto also heeds NO_COLOR.")
  Colour colour = Colour.auto;

  @Option(
      names = {"-h", "--help"},
      scope = ScopeType.INHERIT,
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  public Session(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// Without a command: the help, and the exit code of wrong usage.
  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "A command is missing.");
  }

  public Surroundings surroundings() {
    return surroundings;
  }

  public Screen screen() {
    return surroundings.screen();
  }

  /// Whether the output is JSON for programs.
  public boolean json() {
    return json;
  }

  public long now() {
    return System.currentTimeMillis();
  }

  public boolean colours() {
    return switch (colour) {
      case always -> true;
      case never -> false;
      case auto -> coloursByDefault(surroundings);
    };
  }

  static boolean coloursByDefault(Surroundings surroundings) {
    return surroundings.screen().terminal()
        && surroundings.environment().getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(surroundings.environment().get("TERM"));
  }

  public String paint(Tone tone, String text) {
    return colours() ? tone.paint(text) : text;
  }

  /// Prints one line to the standard output. The buffer is flushed when the run ends.
  public void print(String line) {
    surroundings.out().println(line);
  }

  /// Prints one line of JSON and flushes it: a program may wait for it.
  public void print(Json line) {
    surroundings.out().println(line.write());
    surroundings.out().flush();
  }

  /// Prints what is said about the work rather than asked for; never mixed into JSON.
  public void note(String line) {
    surroundings.out().flush();
    surroundings.err().println(line);
    surroundings.err().flush();
  }

  /// Prints an answer's body as it came, with a line's end.
  public void printRaw(byte[] body) {
    surroundings.out().write(body, 0, body.length);
    if (body.length == 0 || body[body.length - 1] != '\n') {
      surroundings.out().println();
    }
  }

  public void print(Table table, String whenEmpty) {
    if (table.isEmpty()) {
      print(whenEmpty);
      return;
    }
    table.lines(screen(), colours()).forEach(this::print);
  }

  /// Whether nobody reads the output any more (`slipway events | head`).
  public boolean unheard() {
    return surroundings.out().checkError();
  }

  /// The server that this run talks to.
  public Api api() {
    Api known = api;
    if (known == null) {
      known = new Api(serverUrl(), token());
      api = known;
    }
    return known;
  }

  /// What was named with `--url`, in order.
  public List<String> urls() {
    return List.copyOf(urls);
  }

  private URI serverUrl() {
    if (urls.size() > 1) {
      throw wrongUrl("More than one server is named", "Give --url once.");
    }
    String told =
        urls.isEmpty()
            ? surroundings.environment().getOrDefault("SLIPWAY_URL", "")
            : urls.getFirst();
    String text = told.isEmpty() ? DEFAULT_URL : told;
    String stripped = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    try {
      URI uri = new URI(stripped);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (uri.getRawUserInfo() != null) {
        throw wrongUrl(
            uri.getHost() + " is named with a password", "Put the token in SLIPWAY_TOKEN.");
      }
      if (List.of("http", "https").contains(scheme) && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw wrongUrl("'" + text + "' is no address: " + e.getReason(), null);
    }
    throw wrongUrl(
        "'" + text + "' is no address of a server", "Write it like " + DEFAULT_URL + ".");
  }

  private static Complaint wrongUrl(String what, @Nullable String mend) {
    return Complaint.of(Exit.USAGE, what).mend(mend);
  }

  private @Nullable String token() {
    String direct = surroundings.environment().getOrDefault("SLIPWAY_TOKEN", "");
    if (tokenFile == null && !direct.isEmpty()) {
      return direct.strip();
    }
    String named = surroundings.environment().getOrDefault("SLIPWAY_TOKEN_FILE", "");
    Path file = tokenFile != null ? tokenFile : named.isEmpty() ? null : Path.of(named);
    if (file == null) {
      return null;
    }
    try (var input = Files.newInputStream(file)) {
      return new String(input.readNBytes(LONGEST_TOKEN), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw Complaint.of(Exit.USAGE, "The token file " + file + " cannot be read")
          .mend("It holds the token that the server printed on its first start.");
    }
  }
}
