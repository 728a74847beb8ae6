package dev.slipway.engine.local;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The order to run a task, as it is kept in its directory.
final class LaunchRecord {
  private LaunchRecord() {}

  static RecordFile.Content encode(TaskLaunch launch) {
    var lines = new RecordFile.Lines();
    lines.add("task", launch.id()).add("app", launch.app()).add("node", launch.node());
    lines.add("epoch", launch.epoch().value());
    switch (launch.command()) {
      case Command.Shell(String line) -> lines.add("shell", line);
      case Command.Arguments(List<String> argv) -> argv.forEach(word -> lines.add("word", word));
      case Command.ImageDefault _ -> lines.add("imageDefault", true);
    }
    launch.environment().forEach((name, value) -> lines.add("variable", name + "=" + value));
    Resources resources = launch.resources();
    lines.add("milliCpus", resources.milliCpus()).add("memBytes", resources.memBytes());
    lines.add("diskBytes", resources.diskBytes()).add("milliGpus", resources.milliGpus());
    for (Fetch fetch : launch.fetch()) {
      lines.add("fetch.uri", fetch.uri());
      lines.add("fetch.flags", fetch.extract() + " " + fetch.executable() + " " + fetch.cache());
      lines.add("fetch.destPath", fetch.destPath().orElse(""));
      lines.add("fetch.checksum", fetch.checksum().orElse(""));
    }
    lines.addIfPresent("user", launch.user());
    launch.hostPorts().forEach(port -> lines.add("port", port));
    launch.devices().forEach(device -> lines.add("device", device));
    SurroundingsRecord.encode(launch.surroundings(), lines);
    lines.add("version", launch.version()).add("killGrace", launch.killGrace());
    return lines.content();
  }

  static TaskLaunch decode(RecordFile.Content content) throws IOException {
    try {
      return new TaskLaunch(
          new TaskId(content.required("task")),
          PathId.of(content.required("app")),
          new NodeId(content.required("node")),
          new Epoch(Long.parseLong(content.required("epoch"))),
          command(content),
          environment(content),
          resources(content),
          fetches(content),
          content.first("user"),
          content.all("port").stream().map(Integer::valueOf).toList(),
          content.all("device").stream().map(Integer::valueOf).toList(),
          SurroundingsRecord.decode(content),
          content.first("version").map(Instant::parse).orElse(Instant.EPOCH),
          content.first("killGrace").map(Duration::parse).orElse(AppSpec.DEFAULT_KILL_GRACE));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new IOException("the launch record makes no sense: " + e.getMessage(), e);
    }
  }

  private static Command command(RecordFile.Content content) {
    Optional<String> shell = content.first("shell");
    if (shell.isPresent()) {
      return new Command.Shell(shell.get());
    }
    if (content.first("imageDefault").isPresent()) {
      return new Command.ImageDefault();
    }
    return new Command.Arguments(content.all("word"));
  }

  private static SortedMap<String, String> environment(RecordFile.Content content) {
    var environment = new TreeMap<String, String>();
    for (String variable : content.all("variable")) {
      int equals = variable.indexOf('=');
      environment.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return environment;
  }

  private static Resources resources(RecordFile.Content content) throws IOException {
    return new Resources(
        Long.parseLong(content.required("milliCpus")),
        Long.parseLong(content.required("memBytes")),
        Long.parseLong(content.required("diskBytes")),
        Integer.parseInt(content.required("milliGpus")));
  }

  private static List<Fetch> fetches(RecordFile.Content content) {
    List<String> uris = content.all("fetch.uri");
    List<String> flags = content.all("fetch.flags");
    List<String> destPaths = content.all("fetch.destPath");
    List<String> checksums = content.all("fetch.checksum");
    List<Fetch> fetches = new ArrayList<>();
    for (int i = 0; i < uris.size(); i++) {
      String[] flag = flags.get(i).split(" ", -1);
      fetches.add(
          new Fetch(
              uris.get(i),
              Boolean.parseBoolean(flag[0]),
              Boolean.parseBoolean(flag[1]),
              Boolean.parseBoolean(flag[2]),
              Optional.of(destPaths.get(i)).filter(path -> !path.isEmpty()),
              Optional.of(checksums.get(i)).filter(sum -> !sum.isEmpty())));
    }
    return fetches;
  }
}
