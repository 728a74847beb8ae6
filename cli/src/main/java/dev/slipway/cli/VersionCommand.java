package dev.slipway.cli;

import java.util.Map;
import picocli.CommandLine.Command;

@Command(
    name = "version",
    description = "Shows this command's version; it asks no server.",
    footer = {"", "Examples:", "  slipway version", "  slipway version --json"})
final class VersionCommand implements ClientCommand {
  private final Session session;

  VersionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    if (session.json()) {
      session.print(Json.object(Map.of("version", Version.text())));
    } else {
      session.print("slipway " + Version.text());
    }
    return Exit.OK;
  }
}
