package dev.slipway.engine.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A mounted hierarchy of control groups.
///
/// @param own where the platform itself is in it
record CgroupMount(Path point, boolean isVersionTwo, List<String> options, Path own) {
  /// What is mounted, from `/proc/self/mountinfo` (proc(5)).
  static List<CgroupMount> all() throws IOException {
    List<String> own = Files.readAllLines(Path.of("/proc/self/cgroup"));
    List<CgroupMount> mounts = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      int separator = line.indexOf(" - ");
      if (separator < 0) {
        continue;
      }
      String[] before = line.substring(0, separator).split(" ", -1);
      String[] after = line.substring(separator + 3).split(" ", -1);
      if (!after[0].equals("cgroup") && !after[0].equals("cgroup2")) {
        continue;
      }
      boolean two = after[0].equals("cgroup2");
      List<String> options = List.of(after[after.length - 1].split(",", -1));
      Path point = Path.of(before[4]);
      Path path = own(own, two, options).map(p -> below(point, before[3], p)).orElse(point);
      mounts.add(new CgroupMount(point, two, options, path));
    }
    return mounts;
  }

  boolean has(String controller) {
    return !isVersionTwo && options.contains(controller);
  }

  /// Where our parent may be made, best first.
  List<Path> candidates() {
    return List.of(point, own);
  }

  private static Optional<String> own(List<String> lines, boolean two, List<String> options) {
    for (String line : lines) {
      String[] field = line.split(":", 3);
      if (two ? field[0].equals("0") : options.containsAll(List.of(field[1].split(",", -1)))) {
        return Optional.of(field[2]);
      }
    }
    return Optional.empty();
  }

  private static Path below(Path point, String root, String path) {
    String relative = path;
    if (!root.equals("/") && path.startsWith(root)) {
      relative = path.substring(root.length());
    }
    return point.resolve(relative.replaceFirst("^/+", "")).normalize();
  }
}
