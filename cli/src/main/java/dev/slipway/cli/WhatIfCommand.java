package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "what-if",
    description = "Tells where instances would stand; changes nothing.",
    footer = {
      "",
      "What stands on a node that is removed has to fit elsewhere. Nodes that are added have cpus,",
      "mem and disk (MiB) and gpus; like=NODE copies one that exists; any other name is an"
          + " attribute.",
      "The exit code is 0 where everything fits, else 1.",
      "",
      "Examples:",
      "  slipway placement what-if --app /web=5",
      "  slipway placement what-if --app /web=5 --add-node cpus=4,mem=8192,count=2",
      "  slipway placement what-if --remove-node n3"
    })
final class WhatIfCommand implements ClientCommand {
  private final Session session;

  @Option(
      names = "--app",
      paramLabel = "ID=COUNT",
      description = "So many instances more of an app that exists.")
  List<String> apps = new ArrayList<>();

  @Option(
      names = "--add-node",
      paramLabel = "NAME=VALUE,...",
      description = "Nodes more, like cpus=4,mem=8192,count=2.")
  List<String> addNodes = new ArrayList<>();

  @Option(names = "--remove-node", paramLabel = "NODE", description = "A node less.")
  List<String> removeNodes = new ArrayList<>();

  WhatIfCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    if (apps.isEmpty() && removeNodes.isEmpty()) {
      throw Complaint.of(Exit.USAGE, "What is to be placed?")
          .mend("Name apps by --app ID=COUNT, or a node to empty by --remove-node.");
    }
    List<Json> wanted = apps.stream().map(WhatIfCommand::app).toList();
    List<Json> added = addNodes.stream().map(WhatIfCommand::node).toList();
    Json body =
        Json.object(
            Map.of(
                "apps", wanted, "nodes", Json.object(Map.of("add", added, "remove", removeNodes))));
    Api.Answer answer = session.api().post("/api/v1/placement/what-if", body);
    Json told = answer.json();
    if (session.json()) {
      session.printRaw(answer.body());
    } else {
      show(told);
    }
    return told.at("fits").flag() ? Exit.OK : Exit.FAILED;
  }

  private static Json app(String text) {
    int end = text.lastIndexOf('=');
    String id = end < 0 ? text : text.substring(0, end);
    return Json.object(
        Map.of(
            "id",
            AppIds.absolute(id),
            "count",
            end < 0 ? 1 : count(text, text.substring(end + 1))));
  }

  private static Json node(String text) {
    Map<String, Object> node = new LinkedHashMap<>();
    Map<String, Object> capacity = new LinkedHashMap<>();
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (String part : text.split(",")) {
      int end = part.indexOf('=');
      if (end < 1) {
        throw misspelt(text);
      }
      String name = part.substring(0, end);
      String value = part.substring(end + 1);
      switch (name) {
        case "count" -> node.put(name, count(text, value));
        case "like" -> node.put(name, value);
        case "cpus", "mem", "disk", "gpus" -> capacity.put(name, amount(text, value));
        default -> attributes.put(name, value);
      }
    }
    node.put("capacity", Json.object(capacity));
    node.put("attributes", Json.object(attributes));
    return Json.object(node);
  }

  private static int count(String whole, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException notOne) {
      throw misspelt(whole);
    }
  }

  private static double amount(String whole, String text) {
    try {
      double amount = Double.parseDouble(text);
      if (Double.isFinite(amount)) {
        return amount;
      }
    } catch (NumberFormatException notOne) {
      // Told below.
    }
    throw misspelt(whole);
  }

  private static Complaint misspelt(String text) {
    return Complaint.of(
            Exit.USAGE, "'" + Words.printable(text) + "' does not say what is to be supposed")
        .mend("Write it like --app /web=5 or --add-node cpus=4,mem=8192,count=2.");
  }

  private void show(Json told) {
    Table asks =
        new Table(
            Column.id("APP"),
            Column.text("FROM"),
            Column.number("WANTED"),
            Column.number("PLACED"),
            Column.text("NODES"));
    for (Json ask : told.at("asks").items()) {
      asks.row(
          ask.at("app").text(),
          ask.at("from").text("-"),
          String.valueOf(ask.at("wanted").whole()),
          String.valueOf(ask.at("placed").whole()),
          ask.at("nodes").fields().entrySet().stream()
              .map(entry -> entry.getKey() + ":" + entry.getValue().whole())
              .collect(Collectors.joining(" ")));
    }
    session.print(asks, "nothing to place");
    for (Json ask : told.at("asks").items()) {
      if (ask.at("refused").whole() > 0) {
        session.print(
            Words.printable(
                ask.at("app").text()
                    + ": "
                    + ask.at("refused").whole()
                    + " without a place; "
                    + ask.at("why").text()));
      }
    }
    Json free = told.at("free");
    session.print(
        "left free: cpus %s, mem %s MiB, disk %s MiB"
            .formatted(
                free.at("cpus").text(),
                Math.round(free.at("mem").number()),
                Math.round(free.at("disk").number())));
  }
}
