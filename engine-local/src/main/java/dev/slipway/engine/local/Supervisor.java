package dev.slipway.engine.local;

import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.engine.local.LocalTask.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Starts the small script that runs one task and outlives the platform.
final class Supervisor {
  /// What marks every process of a task in its environment, unless the process takes it away.
  static final String MARK = "SLIPWAY_TASK";

  /// How long a started supervisor may take until it says who it is; then the machine is overloaded
  /// or the start is broken.
  private static final Duration START_DEADLINE = Duration.ofSeconds(30);

  private static final long LONGEST_PAUSE_MILLIS = 16;
  private static final int OUT_OF_MEMORY_SCORE = 500;

  /// Names that shells treat as their own, and that are therefore set by `env`.
  private static final Set<String> SHELL_NAMES =
      Set.of(
          "UID",
          "EUID",
          "PPID",
          "GROUPS",
          "SHELLOPTS",
          "LINENO",
          "OPTIND",
          "OPTARG",
          "RANDOM",
          "SECONDS",
          "DIRSTACK",
          "HISTCMD",
          "FUNCNAME",
          "PIPESTATUS");

  /// A start that did not succeed; the message is for users.
  static final class StartProblem extends Exception {
    private static final long serialVersionUID = 1;

    StartProblem(String message) {
      super(message);
    }
  }

  private final EngineDirectory directory;
  private final Isolation isolation;
  private final LocalLimits limits;
  private final Devices devices;

  Supervisor(EngineDirectory directory, Isolation isolation, LocalLimits limits, Devices devices) {
    this.directory = directory;
    this.isolation = isolation;
    this.limits = limits;
    this.devices = devices;
  }

  /// Starts the current attempt of a task and waits until its supervisor has claimed it.
  ProcessIdentity start(TaskDirectory task, TaskLaunch launch, RunRecord run, Outfit outfit)
      throws IOException, InterruptedException, StartProblem {
    int attempt = task.attempt();
    List<String> words = new ArrayList<>(List.of("setsid", "--fork", "/bin/sh"));
    words.add(directory.library().resolve("supervise.sh").toString());
    words.addAll(List.of(task.path().toString(), Integer.toString(attempt)));
    words.addAll(List.of(directory.exits().toString(), task.name()));
    words.addAll(List.of(directory.library().toString(), Integer.toString(limits.openFiles())));
    words.addAll(List.of(Integer.toString(OUT_OF_MEMORY_SCORE)));
    addGroups(words, run);
    words.addAll(
        isolation.start(task.sandbox(), run.account(), outfit.mounts(), devices.files(launch)));
    var variables =
        new Variables(completed(launch, outfit.variables(), task.sandbox()), task.name());
    addInit(words, task.sandbox(), variables, launch.command().argv());
    var builder = new ProcessBuilder(words);
    Tool.setEnvironment(builder, variables.passed());
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    // The program forks and ends at once: no thread of the platform waits for the task.
    int forked = builder.start().waitFor();
    if (forked != 0) {
      throw new StartProblem("the supervisor could not be started (exit code " + forked + ")");
    }
    ProcessIdentity supervisor = awaitClaim(task, attempt);
    awaitProgram(task, supervisor);
    return supervisor;
  }

  /// Waits until the last step before the program says that it is there, or it is all over.
  private static void awaitProgram(TaskDirectory task, ProcessIdentity supervisor)
      throws InterruptedException {
    String boot = ProcessTable.bootId();
    long deadline = System.nanoTime() + START_DEADLINE.toNanos();
    long pause = 1;
    while (!TaskEndings.hasStarted(task) && supervisor.isAlive(boot)) {
      if (System.nanoTime() > deadline) {
        return;
      }
      Thread.sleep(pause);
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
  }

  /// The command that runs `argv` beside a task.
  ///
  /// @param secrets the variables of the task that hold some
  /// @param init process 1 of the task's namespace
  ProcessBuilder beside(
      LocalTask task,
      Phase.Running running,
      SortedMap<String, SecretValue> secrets,
      Optional<Long> init,
      List<String> argv) {
    RunRecord run = running.run();
    Path sandbox = task.directory().sandbox();
    List<String> words = new ArrayList<>(List.of("/bin/sh"));
    words.add(directory.library().resolve("beside.sh").toString());
    words.add(directory.library().toString());
    addGroups(words, run);
    words.addAll(isolation.join(run.account(), init));
    var variables =
        new Variables(completed(running.launch(), secrets, sandbox), task.directory().name());
    addInit(words, sandbox, variables, argv);
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    Tool.setEnvironment(builder, variables.passed());
    return builder.redirectInput(Path.of("/dev/null").toFile());
  }

  private static void addGroups(List<String> words, RunRecord run) {
    words.add(Integer.toString(run.groups().size()));
    words.addAll(run.groups());
  }

  private void addInit(List<String> words, Path sandbox, Variables variables, List<String> argv) {
    words.add(sandbox.toString());
    words.addAll(isolation.initPrograms());
    words.add(Integer.toString(variables.plain.size()));
    words.add(Integer.toString(variables.others.size()));
    words.addAll(argv);
  }

  private Map<String, String> completed(
      TaskLaunch launch, SortedMap<String, SecretValue> secrets, Path sandbox) {
    Map<String, String> environment = new TreeMap<>(launch.environment());
    secrets.forEach((name, value) -> value.text().ifPresent(text -> environment.put(name, text)));
    environment.putAll(devices.variables(launch));
    environment.putIfAbsent("MESOS_SANDBOX", sandbox.toString());
    environment.putIfAbsent("HOME", sandbox.toString());
    environment.putIfAbsent("TMPDIR", sandbox.resolve(TaskFiles.SCRATCH).toString());
    environment.putIfAbsent("JAVA_HOME", isolation.javaHome().toString());
    environment.putIfAbsent("PATH", Tool.PATH);
    environment.putIfAbsent("LANG", "C.UTF-8");
    return environment;
  }

  private static ProcessIdentity awaitClaim(TaskDirectory task, int attempt)
      throws InterruptedException, StartProblem {
    long deadline = System.nanoTime() + START_DEADLINE.toNanos();
    long pause = 1;
    while (System.nanoTime() < deadline) {
      try {
        Optional<ProcessIdentity> claimed = ProcessIdentity.read(task.claim(attempt));
        if (claimed.isPresent()) {
          return claimed.get();
        }
      } catch (IOException halfWritten) {
        pause = 1;
      }
      Thread.sleep(pause);
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
    throw new StartProblem(
        "the supervisor did not begin within " + START_DEADLINE.toSeconds() + " s");
  }

  /// A task's variables as `init.sh` takes them.
  private static final class Variables {
    private final List<String> plain = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private final String mark;

    Variables(Map<String, String> environment, String mark) {
      this.mark = mark;
      environment.forEach(
          (name, value) -> {
            if (isPlain(name)) {
              plain.add(name + "=" + value);
            } else {
              others.add(name + "=" + value);
            }
          });
    }

    Map<String, String> passed() {
      Map<String, String> passed = new TreeMap<>();
      passed.put(MARK, mark);
      for (int i = 0; i < plain.size(); i++) {
        passed.put("SLIPWAY_ENV_" + i, plain.get(i));
      }
      for (int i = 0; i < others.size(); i++) {
        passed.put("SLIPWAY_OTHER_" + i, others.get(i));
      }
      return passed;
    }

    private static boolean isPlain(String name) {
      return name.matches("[A-Za-z_][A-Za-z0-9_]*")
          && !name.equals("_")
          && !name.startsWith("SLIPWAY_")
          && !name.startsWith("BASH")
          && !SHELL_NAMES.contains(name);
    }
  }
}
