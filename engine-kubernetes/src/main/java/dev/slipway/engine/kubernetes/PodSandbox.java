package dev.slipway.engine.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.SandboxProblem;
import dev.slipway.core.engine.SandboxProblem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What can be seen of a task's sandbox from outside.
///
/// `stdout` is the container's log, with what went to standard error in between, since Kubernetes
/// keeps both in one; it is there as long as the pod is, also after the task's end. All other files
/// are looked at by the image's own `sh`, `stat`, `head` and `tail` inside the pod, so that no path
/// leads further than the task itself could go; they go with the task. Links are not followed, and
/// files that hold secrets are not shown.
final class PodSandbox implements Sandbox {
  static final String STDOUT = "stdout";

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int LONGEST_PATH = 4096;
  private static final int DEEPEST = 64;
  private static final int MOST_ENTRIES = 10_000;
  private static final int LARGEST_LISTING = 4 * 1024 * 1024;
  private static final int LARGEST_READ = 4 * 1024 * 1024;

  /// Says `missing`, `link`, `file`, `directory` or `other` of a path, having refused links on the
  /// way. It is given the sandbox and the path; neither is read as a part of the script.
  private static final String LOOK =
      """
      cd -- "$1" || exit 9
      left=$2 at=.
      while [ -n "$left" ]; do
        case $left in */*) name=${left%%/*} left=${left#*/} ;; *) name=$left left= ;; esac
        at=$at/$name
        [ -L "$at" ] && { echo link; exit 0; }
        [ -e "$at" ] || { echo missing; exit 0; }
      done
      if [ -d "$at" ]; then kind=directory; elif [ -f "$at" ]; then kind=file; else kind=other; fi
      """;

  private static final String LIST =
      LOOK
          + """
          echo $kind
          [ $kind = directory ] || exit 0
          cd -- "$at" || exit 9
          set --
          for name in * .[!.]* ..?*; do
            if [ -e "$name" ] || [ -L "$name" ]; then set -- "$@" "$name"; fi
          done
          [ $# = 0 ] || stat -c '%A|%s|%Y|%U|%G|%h|%n' -- "$@"
          exit 0
          """;

  private static final String SIZE =
      LOOK
          + """
          echo $kind
          [ $kind = file ] && stat -c %s -- "$at"
          exit 0
          """;

  private static final String READ =
      LOOK
          + """
          echo $kind
          [ $kind = file ] && tail -c "+$3" -- "$at" | head -c "$4"
          exit 0
          """;

  private static final Pattern LINE =
      Pattern.compile(
          "([-dlbcpsD?][-rwxsStT]{9})[.+@]?\\|(\\d+)\\|(-?\\d+)\\|([^|]*)\\|([^|]*)\\|(\\d+)\\|(.+)");

  private final String pod;
  private final boolean running;
  private final Set<String> secretPaths;
  private final PodLogs logs;
  private final PodExec exec;

  /// @param running whether the task still runs, so that its files can be looked at
  /// @param secretPaths files, relative to the sandbox, that hold secrets
  PodSandbox(String pod, boolean running, Set<String> secretPaths, PodLogs logs, PodExec exec) {
    this.pod = pod;
    this.running = running;
    this.secretPaths = Set.copyOf(secretPaths);
    this.logs = logs;
    this.exec = exec;
  }

  @Override
  public List<Entry> list(String path) throws IOException {
    String clean = clean(path);
    if (clean.equals(STDOUT)) {
      throw problem("directory", clean);
    }
    List<Entry> entries = new ArrayList<>();
    if (clean.isEmpty()) {
      stdout().ifPresent(entries::add);
    }
    if (running) {
      entries.addAll(files(clean));
    } else if (!clean.isEmpty()) {
      throw over(clean);
    }
    entries.sort(Comparator.comparing(Entry::path));
    return entries;
  }

  /// Nothing where the log is gone.
  private Optional<Entry> stdout() throws IOException {
    try {
      long size = logs.of(pod, running).size();
      return Optional.of(new Entry(STDOUT, "-r--r--r--", size, Instant.now(), "root", "root", 1));
    } catch (SandboxProblem gone) {
      return Optional.empty();
    }
  }

  private List<Entry> files(String path) throws IOException {
    Answer answer = ask(LIST, path, LARGEST_LISTING, List.of());
    if (!answer.kind().equals("directory")) {
      throw problem("directory", answer.kind(), path);
    }
    String prefix = path.isEmpty() ? "" : path + "/";
    List<Entry> entries = new ArrayList<>();
    for (String line : answer.text().split("\n")) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches() || (path.isEmpty() && matcher.group(7).equals(STDOUT))) {
        continue;
      }
      if (entries.size() == MOST_ENTRIES) {
        throw new SandboxProblem(
            Kind.REFUSED, "the directory has more than " + MOST_ENTRIES + " entries");
      }
      entries.add(
          new Entry(
              prefix + matcher.group(7),
              matcher.group(1),
              Long.parseLong(matcher.group(2)),
              Instant.ofEpochSecond(Long.parseLong(matcher.group(3))),
              matcher.group(4),
              matcher.group(5),
              Integer.parseInt(matcher.group(6))));
    }
    return entries;
  }

  @Override
  public long size(String path) throws IOException {
    String clean = cleanFile(path);
    if (clean.equals(STDOUT)) {
      return logs.of(pod, running).size();
    }
    Answer answer = ask(SIZE, clean, LONGEST_PATH, List.of());
    if (!answer.kind().equals("file")) {
      throw problem("file", answer.kind(), clean);
    }
    try {
      return Long.parseLong(answer.text().strip());
    } catch (NumberFormatException odd) {
      throw new IOException("the size of '" + clean + "' cannot be told by the image's stat", odd);
    }
  }

  @Override
  public byte[] read(String path, long offset, int length) throws IOException {
    if (offset < 0 || length < 0) {
      throw new SandboxProblem(Kind.REFUSED, "offset and length are not negative");
    }
    String clean = cleanFile(path);
    int most = Math.min(length, LARGEST_READ);
    if (clean.equals(STDOUT)) {
      return logs.of(pod, running).read(offset, most);
    }
    List<String> range = List.of(Long.toString(offset + 1), Integer.toString(most));
    Answer answer = ask(READ, clean, most + LONGEST_PATH, range);
    if (!answer.kind().equals("file")) {
      throw problem("file", answer.kind(), clean);
    }
    return answer.rest();
  }

  /// Read piece by piece, so that a large file needs no large memory.
  @Override
  public InputStream open(String path) throws IOException {
    return new PiecewiseStream(size(path), (offset, length) -> read(path, offset, length));
  }

  /// @param kind what the path is
  /// @param rest what follows the line that says it
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Answer(String kind, byte[] rest) {
    String text() {
      return new String(rest, UTF_8);
    }
  }

  private Answer ask(String script, String path, int most, List<String> more) throws IOException {
    if (!running) {
      throw over(path);
    }
    List<String> argv =
        new ArrayList<>(List.of("/bin/sh", "-c", script, "sh", Names.SANDBOX, path));
    argv.addAll(more);
    try {
      PodExec.Output output = exec.capture(pod, argv, most, PATIENCE);
      byte[] bytes = output.bytes();
      int end = 0;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      if (output.exitCode() != 0 || end == bytes.length) {
        throw new IOException(
            "the files of this task cannot be looked at: its image needs sh, stat, head and tail; "
                + Lines.last(output.errors(), 200));
      }
      String kind = new String(bytes, 0, end, UTF_8);
      return new Answer(kind, Arrays.copyOfRange(bytes, end + 1, bytes.length));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the sandbox was looked at", stop);
    }
  }

  private static SandboxProblem problem(String wanted, String kind, String path) {
    return switch (kind) {
      case "link" -> new SandboxProblem(Kind.REFUSED, "'" + path + "' leads over a link");
      case "missing" -> new SandboxProblem(Kind.MISSING, "there is no '" + path + "'");
      default -> problem(wanted, path);
    };
  }

  private static SandboxProblem problem(String wanted, String path) {
    return wanted.equals("file")
        ? new SandboxProblem(Kind.NOT_A_FILE, "'" + path + "' is not a file")
        : new SandboxProblem(Kind.NOT_A_DIRECTORY, "'" + path + "' is not a directory");
  }

  private static SandboxProblem over(String path) {
    return new SandboxProblem(
        Kind.MISSING,
        "there is no '%s' any more: of a task that ended, Kubernetes keeps the log alone"
            .formatted(path));
  }

  private String cleanFile(String path) throws SandboxProblem {
    String clean = clean(path);
    if (clean.isEmpty()) {
      throw problem("file", ".");
    }
    if (secretPaths.contains(clean)) {
      throw new SandboxProblem(Kind.REFUSED, "'" + clean + "' holds a secret");
    }
    return clean;
  }

  /// The path without a slash at its ends; empty for the sandbox itself.
  private static String clean(String path) throws SandboxProblem {
    if (path.indexOf('\0') >= 0 || path.length() > LONGEST_PATH) {
      throw new SandboxProblem(Kind.REFUSED, "this is not a path");
    }
    if (path.startsWith("/")) {
      throw new SandboxProblem(
          Kind.REFUSED, "'" + path + "' is absolute; paths begin at the sandbox");
    }
    if (path.isEmpty() || path.equals(".")) {
      return "";
    }
    String clean = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    String[] names = clean.split("/", -1);
    for (String name : names) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        throw new SandboxProblem(
            Kind.REFUSED, "'" + path + "' is not a plain path below the sandbox");
      }
    }
    if (names.length > DEEPEST) {
      throw new SandboxProblem(Kind.REFUSED, "the path is too deep");
    }
    return clean;
  }
}
