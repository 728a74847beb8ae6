package dev.slipway.cli.server;

import dev.slipway.cli.Complaint;
import dev.slipway.cli.Exit;
import dev.slipway.cli.Json;
import dev.slipway.cli.Session;
import dev.slipway.journal.JournalException;
import dev.slipway.journal.JournalTool;
import dev.slipway.journal.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// Looks after the journal of a data directory while no server runs on it.
@Command(
    name = "journal",
    description = "Checks, repairs or exports the journal of a data directory; asks no server.",
    footer = {
      "",
      "Examples:",
      "  slipway journal check --data /var/lib/slipway",
      "  slipway journal repair",
      "  slipway journal export > journal.jsonl"
    })
public final class JournalCommand implements Runnable {
  private final Session session;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description = "The data directory; as for the server: SLIPWAY_DATA or the usual one.")
  @Nullable Path data;

  public JournalCommand(Session session) {
    this.session = session;
  }

  @Override
  public void run() {
    throw new ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(),
        "Say what to do: check, repair or export.");
  }

  @Command(
      name = "check",
      description = "Reads everything and tells what is there and what is wrong.")
  int check() {
    return report(JournalTool::check);
  }

  @Command(
      name = "repair",
      description = "Makes a readable journal of a damaged one, keeps the old, tells what is lost.")
  int repair() {
    return report(JournalTool::repair);
  }

  @Command(
      name = "export",
      description = "Prints all that the journal holds, one JSON object a line.")
  int export() throws IOException {
    try {
      var out = new PrintWriter(session.surroundings().out(), false, StandardCharsets.UTF_8);
      JournalTool.export(directory(), out);
      out.flush();
      return Exit.OK.code();
    } catch (JournalException problem) {
      throw Complaint.of(Exit.FAILED, String.valueOf(problem.getMessage()));
    }
  }

  private int report(Function<Path, Report> tool) {
    Report report;
    try {
      report = tool.apply(directory());
    } catch (JournalException problem) {
      throw Complaint.of(Exit.FAILED, String.valueOf(problem.getMessage()));
    }
    if (session.json()) {
      session.print(Json.object(Map.of("ok", report.ok(), "lines", report.lines())));
    } else {
      report.lines().forEach(session::print);
    }
    return (report.ok() ? Exit.OK : Exit.FAILED).code();
  }

  private Path directory() {
    return DataDirectory.of(data, session.surroundings().environment());
  }
}
