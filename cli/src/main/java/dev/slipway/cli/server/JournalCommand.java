package dev.slipway.cli.server;

import dev.slipway.cli.Complaint;
import dev.slipway.cli.Exit;
import dev.slipway.cli.Json;
import dev.slipway.cli.Session;
import dev.slipway.journal.JournalException;
import dev.slipway.journal.JournalPlace;
import dev.slipway.journal.JournalTool;
import dev.slipway.journal.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Looks after the journal of a data directory while no server runs on it.
@Command(
    name = "journal",
    description =
        "Checks, repairs, exports, backs up, restores or moves a journal; asks no server.",
    footer = {
      "",
      "Examples:",
      "  slipway journal check --data /var/lib/slipway",
      "  slipway journal repair",
      "  slipway journal export > journal.jsonl",
      "  slipway journal backup /backups/slipway-today",
      "  slipway journal restore /backups/slipway-today --data /var/lib/slipway-new",
      "  slipway journal copy --from sqlite:/var/lib/slipway --to"
          + " jdbc:postgresql://db/slipway?user=slipway"
    })
public final class JournalCommand implements Runnable {
  private final Session session;

  @Spec @Nullable CommandSpec spec;

  @Mixin final JournalOptions where = new JournalOptions();

  public JournalCommand(Session session) {
    this.session = session;
  }

  @Override
  public void run() {
    throw new ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(),
        "Say what to do: check, repair, export, backup, restore or copy.");
  }

  @Command(
      name = "check",
      description = "Reads everything and tells what is there and what is wrong.")
  int check() {
    return report(() -> JournalTool.check(place()));
  }

  @Command(
      name = "repair",
      description = "Makes a readable journal of a damaged one, keeps the old, tells what is lost.")
  int repair() {
    return report(
        () ->
            switch (place()) {
              case JournalPlace.InDirectory in -> JournalTool.repair(in.directory());
              case JournalPlace.Shared shared ->
                  throw new IllegalArgumentException(
                      "only the file of a data directory can be repaired: restore a backup of "
                          + shared);
            });
  }

  @Command(
      name = "export",
      description = "Prints all that the journal holds, one JSON object a line.")
  int export() throws IOException {
    try {
      var out = new PrintWriter(session.surroundings().out(), false, StandardCharsets.UTF_8);
      JournalTool.export(place(), out);
      out.flush();
      return Exit.OK.code();
    } catch (JournalException | IllegalArgumentException problem) {
      throw Complaint.of(Exit.FAILED, String.valueOf(problem.getMessage()));
    }
  }

  @Command(
      name = "backup",
      description = "Writes all of it into one file, beside a running server too.")
  int backup(@Parameters(paramLabel = "FILE", description = "Written anew.") Path file) {
    return report(() -> JournalTool.backup(place(), file));
  }

  @Command(
      name = "restore",
      description = "Puts a backup into an empty place where no server runs.")
  int restore(
      @Parameters(paramLabel = "FILE", description = "What 'backup' wrote.") Path file,
      @Option(
              names = "--replace",
              description = "Gives up what the place holds now; make a backup of it first.")
          boolean replace) {
    return report(() -> JournalTool.restore(file, place(), replace));
  }

  @Command(
      name = "copy",
      description =
          "Copies a journal to an empty place, from sqlite:DIR to jdbc:postgresql:... or back, and"
              + " compares every row; no server may run on either.")
  int copy(
      @Option(names = "--from", required = true, paramLabel = "PLACE", description = "The source.")
          String from,
      @Option(names = "--to", required = true, paramLabel = "PLACE", description = "The target.")
          String to) {
    return report(() -> JournalTool.copy(named(from), named(to)));
  }

  /// What a tool does.
  private interface Work {
    Report run() throws IOException;
  }

  private int report(Work work) {
    Report report;
    try {
      report = work.run();
    } catch (JournalException | IllegalArgumentException | IOException problem) {
      throw Complaint.of(Exit.FAILED, String.valueOf(problem.getMessage()));
    }
    if (session.json()) {
      session.print(Json.object(Map.of("ok", report.ok(), "lines", report.lines())));
    } else {
      report.lines().forEach(session::print);
    }
    return (report.ok() ? Exit.OK : Exit.FAILED).code();
  }

  private JournalPlace place() {
    return where.chosen(reading());
  }

  private JournalPlace named(String text) {
    return where.named(text, reading());
  }

  private Reading reading() {
    return new Reading(session.surroundings().environment());
  }
}
