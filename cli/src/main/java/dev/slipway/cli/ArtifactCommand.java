package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "artifact",
    description = "Keeps files at the server that apps fetch into their sandboxes.",
    footer = {
      "",
      "Examples:",
      "  slipway artifact put target/web.tar.gz --name web-1.4.tar.gz",
      "  slipway artifact list",
      "  slipway artifact delete web-1.3.tar.gz"
    })
final class ArtifactCommand implements ClientCommand {
  private final Session session;

  ArtifactCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    throw Complaint.of(Exit.USAGE, "What about the artifacts: put, list or delete?")
        .mend("See `slipway artifact --help`.");
  }

  @Command(
      name = "put",
      description = "Stores a file; apps fetch it as slipway://NAME.",
      footer = {"", "Examples:", "  slipway artifact put web.tar.gz --name web-1.4.tar.gz"})
  Integer put(
      @Parameters(paramLabel = "FILE", description = "The file.") Path file,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              description = "Its name there; the file's own.")
          @Nullable String name) {
    if (!Files.isRegularFile(file)) {
      throw Complaint.of(Exit.USAGE, file + " is no file");
    }
    String stored = name == null ? String.valueOf(file.getFileName()) : name;
    Api.Answer answer = session.api().upload("/api/v1/artifacts/" + Api.encoded(stored), file);
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK.code();
    }
    Json artifact = answer.json();
    session.print(
        artifact.at("uri").text()
            + "  "
            + Words.bytes(artifact.at("size").whole())
            + "  sha256 "
            + artifact.at("sha256").text());
    return Exit.OK.code();
  }

  @Command(
      name = "list",
      description = "Lists the stored files.",
      footer = {"", "Examples:", "  slipway artifact list --json"})
  Integer list() {
    Api.Answer answer = session.api().get("/api/v1/artifacts");
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK.code();
    }
    Table table =
        new Table(
            Column.id("NAME"), Column.number("SIZE"), Column.id("SHA256"), Column.number("STORED"));
    for (Json artifact : answer.json().at("artifacts").items()) {
      table.row(
          artifact.at("name").text(),
          Words.bytes(artifact.at("size").whole()),
          artifact.at("sha256").text(),
          Words.age(artifact.at("createdAt").text(), session.now()));
    }
    session.print(table, "No artifacts. Store one with `slipway artifact put FILE`.");
    return Exit.OK.code();
  }

  @Command(
      name = "delete",
      description = "Deletes a stored file.",
      footer = {"", "Examples:", "  slipway artifact delete web-1.3.tar.gz"})
  Integer delete(@Parameters(paramLabel = "NAME", description = "Its name.") String name) {
    session.api().delete("/api/v1/artifacts/" + Api.encoded(name));
    if (!session.json()) {
      session.print(name + " is deleted");
    }
    return Exit.OK.code();
  }
}
