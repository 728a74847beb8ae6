package dev.slipway.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "drain",
    description = "Moves everything off a node and keeps it empty, or with --undo lets it be used.",
    footer = {"", "Examples:", "  slipway drain node-2", "  slipway drain node-2 --undo"})
final class DrainCommand implements ClientCommand {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);

  private final Session session;

  @Parameters(paramLabel = "NODE", description = "The node's id.")
  String node = "";

  @Option(names = "--undo", description = "The node may be used again.")
  boolean undo;

  @Mixin Waiting waiting = new Waiting();

  DrainCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api api = session.api();
    String path = Api.path("/api/v1/nodes", node, "drain");
    Api.Answer answer = api.ask(undo ? "DELETE" : "POST", path, null);
    if (!answer.found()) {
      throw unknownNode(api);
    }
    if (undo || waiting.detach) {
      if (session.json()) {
        session.printRaw(answer.body());
      } else {
        session.print(node + (undo ? " may be used again" : " is being drained"));
      }
      return Exit.OK;
    }
    return untilEmpty(api);
  }

  private Exit untilEmpty(Api api) {
    var progress = new Progress(session);
    long began = System.nanoTime();
    try (Interrupt _ = Interrupt.says(() -> sayDetached(progress))) {
      while (true) {
        Json now = look(api);
        long left = now.at("instances").whole();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
        boolean late = elapsed.compareTo(waiting.timeout) > 0;
        boolean drained = left == 0 || !now.at("state").text().equals("draining");
        if (drained || late) {
          progress.clear();
          return conclude(now, left, elapsed);
        }
        progress.show(Map.of("left", node + "  " + Words.count(left, "instance") + " to move"));
        Pause.of(LOOK_INTERVAL);
      }
    }
  }

  private Exit conclude(Json now, long left, Duration elapsed) {
    Exit exit = left == 0 ? Exit.OK : Exit.FAILED;
    if (session.json()) {
      session.print(now);
      return exit;
    }
    String after = " after " + Words.duration(elapsed);
    if (exit == Exit.OK) {
      session.print(session.paint(Tone.GOOD, node + " is empty" + after));
      return exit;
    }
    String what =
        now.at("state").text().equals("draining")
            ? " still has " + Words.count(left, "instance") + after + "; it is drained further"
            : " is drained no more (it is " + now.at("state").text() + ")" + after;
    session.print(session.paint(Tone.BAD, "FAILED: " + node + what));
    return exit;
  }

  private Json look(Api api) {
    return nodes(api).stream()
        .filter(known -> known.at("id").text().equals(node))
        .findFirst()
        .orElseThrow(() -> unknownNode(api));
  }

  private static List<Json> nodes(Api api) {
    return api.get("/api/v1/nodes").json().at("nodes").items();
  }

  private Complaint unknownNode(Api api) {
    List<String> ids = nodes(api).stream().map(known -> known.at("id").text()).toList();
    List<String> near = Words.nearest(node, ids);
    return Complaint.of(Exit.NOT_FOUND, "There is no node " + Words.printable(node))
        .mend(
            near.isEmpty()
                ? "`slipway nodes` lists them."
                : "Did you mean " + String.join(" or ", near) + "?");
  }

  private void sayDetached(Progress progress) {
    progress.abandon();
    session.note(
        "Detached; " + node + " is drained further. Undo: slipway drain " + node + " --undo");
  }
}
