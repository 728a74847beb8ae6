package dev.slipway.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

@Command(
    name = "completion",
    description = "Prints the script that completes slipway's words in bash and zsh.",
    footer = {"", "Examples:", "  source <(slipway completion)"})
final class CompletionCommand implements ClientCommand {
  private final Session session;

  CompletionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    session.print(AutoComplete.bash("slipway", Commands.all(session)));
    return Exit.OK;
  }
}
