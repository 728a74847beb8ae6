package dev.slipway.engine.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// One way to keep tasks apart that this machine has the programs for: it makes the words that
/// stand before a task's command. Each word is an argument of its own; users' words come last and
/// are never evaluated. What each tier does is told in docs/engine-local.md.
final class Isolation {
  /// The system's directories that may be links into `/usr`.
  private static final List<String> SYSTEM =
      List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

  private static final List<String> STREAMS = List.of("stdin", "stdout", "stderr");

  private static final List<String> READABLE =
      List.of("/etc", "/opt", "/sys", "/run/systemd/resolve");

  private final IsolationTier tier;
  private final boolean bubblewrap;
  private final Programs programs;
  private final EngineDirectory directory;

  /// What all ways need to know.
  ///
  /// @param root whether the platform is root
  /// @param processes a bound on processes per account for root without control groups, 0 for none
  record Programs(boolean root, Path javaHome, int processes) {
    String path(String name) {
      return Tool.find(name).map(Path::toString).orElse("/usr/bin/" + name);
    }
  }

  private Isolation(
      IsolationTier tier, boolean bubblewrap, Programs programs, EngineDirectory directory) {
    this.tier = tier;
    this.bubblewrap = bubblewrap;
    this.programs = programs;
    this.directory = directory;
  }

  /// Every way that could work, best first.
  static List<Isolation> candidates(Programs programs, EngineDirectory directory) {
    boolean bwrap = Tool.find("bwrap").isPresent();
    boolean unshare = Tool.find("unshare").isPresent();
    boolean setpriv = Tool.find("setpriv").isPresent();
    List<Isolation> ways = new ArrayList<>();
    if (programs.root() && setpriv) {
      if (bwrap) {
        ways.add(new Isolation(IsolationTier.BUBBLEWRAP, true, programs, directory));
      }
      if (unshare) {
        ways.add(new Isolation(IsolationTier.NAMESPACES, false, programs, directory));
      }
    }
    if (!programs.root()) {
      if (bwrap) {
        ways.add(new Isolation(IsolationTier.USER_NAMESPACES, true, programs, directory));
      }
      if (unshare && setpriv) {
        ways.add(new Isolation(IsolationTier.USER_NAMESPACES, false, programs, directory));
      }
    }
    if (setpriv || !programs.root()) {
      ways.add(new Isolation(IsolationTier.PROCESS, false, programs, directory));
    }
    return ways;
  }

  IsolationTier tier() {
    return tier;
  }

  Path javaHome() {
    return programs.javaHome();
  }

  /// Whether each task has mounts of its own that it cannot undo.
  boolean mounts() {
    return bubblewrap || tier == IsolationTier.NAMESPACES;
  }

  /// The words before the arguments of `init.sh` when a task is started.
  ///
  /// @param mounts none where tasks have no mounts of their own
  /// @param devices the files of the machine's devices that the task may use; those that do not
  ///     exist are passed over
  List<String> start(Path sandbox, Account account, List<Mount> mounts, List<Path> devices) {
    List<String> words = new ArrayList<>();
    if (programs.root() && programs.processes() > 0) {
      words.addAll(List.of(programs.path("prlimit"), "--nproc=" + programs.processes()));
    }
    if (bubblewrap) {
      words.addAll(bubblewrap(sandbox, mounts, devices));
    } else if (tier.hasOwnProcesses()) {
      words.addAll(namespaces());
      words.addAll(mounted(mounts));
      words.addAll(cover(sandbox));
    }
    words.addAll(dropPrivileges(account));
    words.addAll(List.of("/bin/sh", "/proc/self/fd/8", mode()));
    return words;
  }

  /// The words before the arguments of `init.sh` when a command joins a task.
  ///
  /// @param init process 1 of the task's namespace; without one the task has none
  List<String> join(Account account, Optional<Long> init) {
    List<String> words = new ArrayList<>();
    if (init.isPresent()) {
      words.addAll(List.of(programs.path("nsenter"), "--target", init.get().toString()));
      if (!programs.root()) {
        words.addAll(List.of("--user", "--preserve-credentials"));
      }
      words.addAll(List.of("--mount", "--pid", "--ipc", "--uts"));
    }
    words.addAll(dropPrivileges(account));
    words.addAll(List.of("/bin/sh", "/proc/self/fd/8", "beside"));
    return words;
  }

  /// The programs that `init.sh` is told of.
  List<String> initPrograms() {
    return List.of(programs.path("setsid"), programs.path("env"));
  }

  private String mode() {
    if (tier.hasOwnProcesses()) {
      return "reap";
    }
    return "plain";
  }

  private List<String> dropPrivileges(Account account) {
    if (Tool.find("setpriv").isEmpty()) {
      return List.of();
    }
    List<String> words = new ArrayList<>(List.of(programs.path("setpriv")));
    if (programs.root()) {
      words.addAll(List.of("--reuid", Integer.toString(account.uid())));
      words.addAll(List.of("--regid", Integer.toString(account.gid())));
      words.add(account.name().map(name -> "--init-groups").orElse("--clear-groups"));
      words.addAll(List.of("--inh-caps=-all", "--bounding-set=-all"));
    }
    words.add("--no-new-privs");
    return words;
  }

  private List<String> namespaces() {
    List<String> words = new ArrayList<>(List.of(programs.path("unshare")));
    if (!programs.root()) {
      words.addAll(List.of("--user", "--map-current-user"));
    }
    words.addAll(List.of("--pid", "--mount", "--ipc", "--uts", "--fork"));
    words.addAll(List.of("--mount-proc", "--kill-child"));
    return words;
  }

  private static List<String> mounted(List<Mount> mounts) {
    if (mounts.isEmpty()) {
      return List.of();
    }
    List<String> words = new ArrayList<>(List.of("/bin/sh", "/proc/self/fd/9"));
    words.add(Integer.toString(mounts.size()));
    for (Mount mount : mounts) {
      words.add(mount.readOnly() ? "ro" : "rw");
      words.addAll(List.of(mount.source().toString(), mount.target().toString()));
    }
    return words;
  }

  /// Where an account of its own cannot walk to the sandbox or to Java, the closed directories are
  /// covered inside the task's namespace.
  private List<String> cover(Path sandbox) {
    if (!programs.root()) {
      return List.of();
    }
    var closed = new TreeSet<Path>();
    closedAncestor(directory.tasks()).ifPresent(closed::add);
    closedAncestor(javaHome()).ifPresent(closed::add);
    if (closed.isEmpty()) {
      return List.of();
    }
    String java = "";
    if (closed.stream().anyMatch(javaHome()::startsWith)) {
      java = javaHome().toString();
    }
    List<String> words = new ArrayList<>(List.of("/bin/sh", "/proc/self/fd/7"));
    words.addAll(List.of(sandbox.toString(), java, Integer.toString(closed.size())));
    closed.forEach(path -> words.add(path.toString()));
    return words;
  }

  /// The first directory on the way to a path that others cannot walk through.
  static Optional<Path> closedAncestor(Path path) {
    Path walked = path.getRoot();
    for (Path name : path) {
      walked = walked.resolve(name);
      try {
        if (!Files.getPosixFilePermissions(walked).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return Optional.of(walked);
        }
      } catch (IOException unknown) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private List<String> bubblewrap(Path sandbox, List<Mount> mounts, List<Path> given) {
    List<String> words = new ArrayList<>(List.of(programs.path("bwrap")));
    words.addAll(List.of("--ro-bind", "/usr", "/usr"));
    SYSTEM.forEach(path -> words.addAll(systemDirectory(Path.of(path))));
    READABLE.stream()
        .filter(path -> !sandbox.startsWith(path))
        .forEach(path -> words.addAll(List.of("--ro-bind-try", path, path)));
    words.addAll(List.of("--proc", "/proc"));
    words.addAll(devices());
    given.forEach(
        file -> words.addAll(List.of("--dev-bind-try", file.toString(), file.toString())));
    for (String scratch : List.of("/tmp", "/var/tmp", "/dev/shm")) {
      words.addAll(List.of("--perms", "1777", "--tmpfs", scratch));
    }
    String java = javaHome().toString();
    words.addAll(ancestors(sandbox));
    if (!javaHome().startsWith("/usr")) {
      words.addAll(ancestors(javaHome()));
      words.addAll(List.of("--ro-bind", java, java));
    }
    words.addAll(List.of("--bind", sandbox.toString(), sandbox.toString()));
    for (Mount mount : mounts) {
      if (!mount.target().startsWith(sandbox)) {
        words.addAll(ancestors(mount.target()));
      }
      words.add(mount.readOnly() ? "--ro-bind" : "--bind");
      words.addAll(List.of(mount.source().toString(), mount.target().toString()));
    }
    words.addAll(List.of("--unshare-pid", "--unshare-ipc", "--unshare-uts"));
    words.addAll(List.of("--as-pid-1", "--die-with-parent", "--cap-drop", "ALL"));
    if (programs.root()) {
      for (String needed : List.of("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")) {
        words.addAll(List.of("--cap-add", needed));
      }
    } else {
      words.add("--unshare-user");
    }
    words.add("--");
    return words;
  }

  /// Without root, bubblewrap's own `/dev` needs a second user namespace that nobody could join
  /// later.
  private List<String> devices() {
    if (programs.root()) {
      return List.of("--dev", "/dev");
    }
    List<String> words = new ArrayList<>(List.of("--tmpfs", "/dev"));
    for (String name : List.of("null", "zero", "full", "random", "urandom", "tty")) {
      words.addAll(List.of("--dev-bind-try", "/dev/" + name, "/dev/" + name));
    }
    words.addAll(List.of("--symlink", "/proc/self/fd", "/dev/fd"));
    for (int i = 0; i < STREAMS.size(); i++) {
      words.addAll(List.of("--symlink", "/proc/self/fd/" + i, "/dev/" + STREAMS.get(i)));
    }
    return words;
  }

  /// Directories on the way to a mount, which bubblewrap would close to others.
  private static List<String> ancestors(Path path) {
    List<String> words = new ArrayList<>();
    for (int depth = 1; depth < path.getNameCount(); depth++) {
      words.addAll(List.of("--perms", "0755", "--dir", "/" + path.subpath(0, depth)));
    }
    return words;
  }

  private static List<String> systemDirectory(Path path) {
    if (Files.isSymbolicLink(path)) {
      try {
        return List.of("--symlink", Files.readSymbolicLink(path).toString(), path.toString());
      } catch (IOException changed) {
        return List.of();
      }
    }
    if (Files.isDirectory(path)) {
      return List.of("--ro-bind", path.toString(), path.toString());
    }
    return List.of();
  }
}
