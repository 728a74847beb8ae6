package dev.slipway.engine.local;

import dev.slipway.engine.local.Outfit.OutfitProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where a task may be given a mount. Mounts are made while the task's first process is still
/// privileged, and what it runs afterwards to give its privileges up (a shell, `setpriv`, the
/// libraries and the name services that these load) comes from the tree that was just mounted over.
/// So what lies at a target may be a task's own, but never a place that the machine reads from:
/// outside its sandbox a task is given only what lies below a few directories that no program of
/// the machine looks into.
final class MountTargets {
  /// Neither `/var/lib` nor `/opt`: name services keep their tables in the one, and people install
  /// programs into the other.
  private static final List<Path> ROOTS =
      Stream.of("/data", "/home", "/media", "/mnt", "/srv").map(Path::of).toList();

  /// What runs with privileges after the mounts were made.
  private static final List<String> PROGRAMS =
      List.of("sh", "mount", "mkdir", "readlink", "setpriv", "env", "setsid");

  private final List<Path> kept;

  private MountTargets(List<Path> kept) {
    this.kept = List.copyOf(kept);
  }

  /// @param javaHome where the JDK is that tasks see
  static MountTargets of(EngineDirectory engine, Path javaHome) {
    List<Path> kept = new ArrayList<>();
    Stream<Path> programs = PROGRAMS.stream().flatMap(name -> Tool.find(name).stream());
    Stream.concat(Stream.of(engine.root(), javaHome), programs)
        .forEach(
            path -> {
              kept.add(path);
              kept.add(HostPath.realOrSelf(path));
            });
    return new MountTargets(kept);
  }

  /// Checks one place outside the sandbox.
  ///
  /// @param target absolute and without `..`
  /// @throws OutfitProblem saying why nothing may be mounted there, and where it may
  void check(Path target) throws OutfitProblem {
    if (ROOTS.stream().noneMatch(target::startsWith)) {
      String roots = ROOTS.stream().map(Path::toString).collect(Collectors.joining(", "));
      throw new OutfitProblem(
          "the containerPath '%s' is not below one of %s, the only places outside its sandbox that a"
                  .formatted(target, roots)
              + " task of this node can be given something at: use one of them or a relative path");
    }
    if (kept.stream().anyMatch(path -> path.startsWith(target) || target.startsWith(path))) {
      throw new OutfitProblem(
          "the containerPath '%s' would cover what the platform itself needs: use another place"
              .formatted(target));
    }
    if (leadsThroughALink(target)) {
      throw new OutfitProblem(
          "the containerPath '%s' leads through a link of this node: use the place it leads to"
              .formatted(target));
    }
  }

  private static boolean leadsThroughALink(Path target) {
    for (Path walked = target; walked != null; walked = walked.getParent()) {
      if (Files.exists(walked, LinkOption.NOFOLLOW_LINKS)) {
        try {
          return !walked.toRealPath().equals(walked);
        } catch (IOException dangling) {
          return true;
        }
      }
    }
    return false;
  }

  /// Checks that no mount lies within another: what is mounted first may hold a link that leads the
  /// second to anywhere.
  ///
  /// @throws OutfitProblem naming both
  static void checkApart(List<Mount> mounts) throws OutfitProblem {
    for (int i = 0; i < mounts.size(); i++) {
      for (int j = 0; j < mounts.size(); j++) {
        Path inner = mounts.get(i).target();
        Path outer = mounts.get(j).target();
        if (i != j && inner.startsWith(outer)) {
          throw new OutfitProblem(
              "nothing can be mounted at '%s', which lies in '%s', where something else is mounted"
                  .formatted(inner, outer));
        }
      }
    }
  }
}
