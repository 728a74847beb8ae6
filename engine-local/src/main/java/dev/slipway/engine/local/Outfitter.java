package dev.slipway.engine.local;

import dev.slipway.core.app.Container;
import dev.slipway.core.app.Secrets;
import dev.slipway.core.app.Volume;
import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.SecretReader;
import dev.slipway.core.engine.SecretUnreadable;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.engine.local.Outfit.OutfitProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings together what a task is given beside its sandbox (secrets, persistent volumes,
/// directories of the machine), and takes it back when the task is over.
///
/// Where tasks have mounts of their own, everything is mounted, and the sandbox as the platform
/// sees it has an empty place there. Elsewhere the sandbox gets links, which the platform itself
/// never follows: either way no secret can be read by browsing a sandbox.
final class Outfitter {
  private static final Logger log = LoggerFactory.getLogger(Outfitter.class);

  /// The kernel's bound on one variable is 128 KiB with its name.
  private static final int LONGEST_VARIABLE = 120 * 1024;

  private final SecretReader secrets;
  private final SecretFiles files;
  private final Volumes volumes;
  private final List<HostPath> allowed;
  private final MountTargets targets;
  private final boolean mounting;

  /// @param mounting whether tasks have mounts of their own
  Outfitter(
      SecretReader secrets,
      SecretFiles files,
      Volumes volumes,
      List<HostPath> allowed,
      MountTargets targets,
      boolean mounting) {
    this.secrets = secrets;
    this.files = files;
    this.volumes = volumes;
    this.allowed = List.copyOf(allowed);
    this.targets = targets;
    this.mounting = mounting;
  }

  /// Gives a task what its launch asks for. The sandbox has its artifacts and still belongs to the
  /// platform.
  ///
  /// @throws OutfitProblem telling what cannot be given
  Outfit give(TaskDirectory task, TaskLaunch launch, Account account)
      throws IOException, OutfitProblem {
    SortedMap<String, SecretValue> variables = new TreeMap<>();
    for (Map.Entry<String, String> variable :
        launch.surroundings().secrets().environment().entrySet()) {
      SecretValue value = secret(launch, variable.getValue());
      String name = variable.getKey();
      if (value.text().filter(text -> text.length() <= LONGEST_VARIABLE).isEmpty()) {
        throw new OutfitProblem(
            "the secret '%s' cannot be the variable %s: it is not text, or longer than %d KiB"
                .formatted(variable.getValue(), name, LONGEST_VARIABLE / 1024));
      }
      variables.put(name, value);
    }
    List<Mount> mounts = new ArrayList<>();
    Map<String, Path> own = new TreeMap<>();
    for (MountedVolume volume : launch.surroundings().volumes()) {
      Path source = volumes.take(volume, task, account);
      own.put(volume.containerPath(), source);
      mounts.add(new Mount(source, target(task, volume.containerPath()), true, false));
    }
    List<Volume> listed =
        launch.surroundings().container().map(Container::volumes).orElse(List.of());
    for (int i = 0; i < listed.size(); i++) {
      switch (listed.get(i)) {
        case Volume.Host host -> mounts.add(host(task, host, own));
        case Volume.SecretFile file -> {
          Path source = files.write(task, i, secret(launch, file.secret()), account);
          mounts.add(new Mount(source, target(task, file.containerPath()), false, true));
        }
        case Volume.External external ->
            throw new OutfitProblem(
                "the volume '" + external.name() + "' is external, which this node cannot attach");
        // Those that belong to the instance come by their names, above.
        case Volume.Persistent _ -> {}
      }
    }
    MountTargets.checkApart(mounts);
    for (Mount mount : mounts) {
      place(task, mount);
    }
    return new Outfit(variables, mounting ? mounts : List.of());
  }

  private SecretValue secret(TaskLaunch launch, String name) throws OutfitProblem {
    Secrets asked = launch.surroundings().secrets();
    String source = asked.sources().get(name);
    if (source == null) {
      throw new OutfitProblem("the app says of no secret '" + name + "' where it lies");
    }
    try {
      return secrets
          .read(source)
          .orElseThrow(
              () ->
                  new OutfitProblem(
                      "the secret '%s' is missing: the store has nothing at '%s'"
                          .formatted(name, source)));
    } catch (SecretUnreadable unreadable) {
      throw new OutfitProblem(
          "the secret '%s' ('%s') cannot be read: %s"
              .formatted(name, source, unreadable.getMessage()));
    }
  }

  /// The variables with secrets of a task that an earlier run of the platform started.
  ///
  /// @param complete whether none is missing
  record Variables(SortedMap<String, SecretValue> values, boolean complete) {}

  /// Reads the variables with secrets of a running task anew. A secret that is gone meanwhile, or
  /// cannot be read now, is left out: the task runs on, and so do commands beside it.
  Variables variablesAgain(TaskLaunch launch) {
    SortedMap<String, SecretValue> variables = new TreeMap<>();
    launch
        .surroundings()
        .secrets()
        .environment()
        .forEach(
            (variable, name) -> {
              try {
                variables.put(variable, secret(launch, name));
              } catch (OutfitProblem gone) {
                log.warn("task.secret.gone task={} cause=\"{}\"", launch.id(), gone.getMessage());
              }
            });
    int wanted = launch.surroundings().secrets().environment().size();
    return new Variables(variables, variables.size() == wanted);
  }

  private Mount host(TaskDirectory task, Volume.Host volume, Map<String, Path> own)
      throws OutfitProblem {
    if (!mounting) {
      throw new OutfitProblem(
          "directories of the machine are mounted only where tasks have mounts of their own");
    }
    Path target = target(task, volume.containerPath());
    if (!volume.hostPath().startsWith("/")) {
      Path source = own.get(volume.hostPath());
      if (source == null) {
        throw new OutfitProblem(
            "the host path '%s' is neither absolute nor a persistent volume of the app"
                .formatted(volume.hostPath()));
      }
      return new Mount(source, target, true, volume.readOnly());
    }
    // By its name first, so that nobody learns what else is on this machine.
    if (!isAllowed(volume, Path.of(volume.hostPath()).normalize())) {
      throw notAllowed(volume);
    }
    Path source = real(volume.hostPath());
    if (!isAllowed(volume, source)) {
      throw notAllowed(volume);
    }
    return new Mount(source, target, Files.isDirectory(source), volume.readOnly());
  }

  private boolean isAllowed(Volume.Host volume, Path path) {
    return allowed.stream()
        .filter(each -> volume.readOnly() || !each.readOnly())
        .anyMatch(
            each ->
                path.startsWith(each.path()) || path.startsWith(HostPath.realOrSelf(each.path())));
  }

  private static OutfitProblem notAllowed(Volume.Host volume) {
    return new OutfitProblem(
        "the host path '"
            + volume.hostPath()
            + (volume.readOnly() ? "' (RO)" : "' (RW)")
            + " is not below a directory that this node lets apps mount;"
            + " its operator may allow it with --allow-host-path");
  }

  private static Path real(String path) throws OutfitProblem {
    try {
      return Path.of(path).toRealPath();
    } catch (IOException | InvalidPathException missing) {
      throw new OutfitProblem("the host path '" + path + "' does not exist on this node");
    }
  }

  private Path target(TaskDirectory task, String containerPath) throws OutfitProblem {
    Path path;
    try {
      path = Path.of(containerPath);
    } catch (InvalidPathException e) {
      throw new OutfitProblem("the containerPath '" + containerPath + "' is not a path");
    }
    for (Path name : path) {
      if (name.toString().equals("..") || name.toString().isEmpty()) {
        throw new OutfitProblem("the containerPath '" + containerPath + "' leaves the sandbox");
      }
    }
    if (path.isAbsolute() && !mounting) {
      throw new OutfitProblem(
          "the containerPath '%s' is absolute, and tasks of this node have no mounts of their own"
              .formatted(containerPath));
    }
    Path target = task.sandbox().resolve(path).normalize();
    if (target.equals(task.sandbox()) || target.getNameCount() == 0) {
      throw new OutfitProblem("the containerPath '" + containerPath + "' names no place");
    }
    if (!target.startsWith(task.sandbox())) {
      targets.check(target);
    }
    return target;
  }

  /// Makes the place in the sandbox that is mounted over, or the link. What artifacts brought is
  /// kept as far as it can be mounted over, and no link of theirs is followed.
  private void place(TaskDirectory task, Mount mount) throws IOException, OutfitProblem {
    if (!mount.target().startsWith(task.sandbox())) {
      return;
    }
    Path walked = task.sandbox();
    Path below = task.sandbox().relativize(mount.target());
    for (Path name : below.subpath(0, below.getNameCount())) {
      walked = walked.resolve(name);
      boolean last = walked.equals(mount.target());
      boolean there = Files.exists(walked, LinkOption.NOFOLLOW_LINKS);
      boolean directory = Files.isDirectory(walked, LinkOption.NOFOLLOW_LINKS);
      boolean fits = last ? mounting && directory == mount.directory() : directory;
      if (there && (!fits || Files.isSymbolicLink(walked))) {
        throw new OutfitProblem(
            "the sandbox has something else at '" + task.sandbox().relativize(walked) + "'");
      }
      if (!there) {
        make(walked, mount, last);
      }
    }
  }

  private void make(Path place, Mount mount, boolean last) throws IOException {
    if (last && !mounting) {
      Files.createSymbolicLink(place, mount.source());
    } else if (last && !mount.directory()) {
      TaskFiles.create(place);
    } else {
      Files.createDirectory(place);
    }
  }

  /// Takes note of a task that was found running.
  void found(TaskDirectory task, TaskLaunch launch) {
    volumes.found(launch.surroundings().volumes(), task);
  }

  /// A task is over: its secrets go, its volumes stay for the next one. Idempotent.
  void takeBack(TaskDirectory task) {
    files.remove(task);
    volumes.release(task);
  }

  /// Removes the secrets of tasks that are over, which a crash of the platform may have left.
  void removeLeftovers(java.util.Set<String> alive) throws IOException {
    files.keepOnly(alive);
  }

  /// The engine ends. Tasks that run on keep what they have.
  void close() {
    files.close();
  }
}
