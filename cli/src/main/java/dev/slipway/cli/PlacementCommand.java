package dev.slipway.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "placement",
    description = "Shows and decides how the platform deals with its nodes.",
    footer = {
      "",
      "Examples:",
      "  slipway placement policy",
      "  slipway placement policy --cpu-overcommit 150",
      "  slipway placement headroom",
      "  slipway placement what-if --app /web=5 --remove-node n3",
      "  slipway placement rebalance --dry-run"
    })
final class PlacementCommand implements ClientCommand {

  /// The command with those below it.
  static CommandLine whole(Session session) {
    return new CommandLine(new PlacementCommand())
        .addSubcommand("policy", new PlacementPolicyCommand(session))
        .addSubcommand("headroom", new PlacementHeadroomCommand(session))
        .addSubcommand("what-if", new WhatIfCommand(session))
        .addSubcommand("rebalance", new PlacementRebalanceCommand(session));
  }

  @Override
  public Exit run() {
    throw Complaint.of(Exit.USAGE, "What about placement: policy, headroom, what-if or rebalance?")
        .mend("See `slipway placement --help`.");
  }
}
