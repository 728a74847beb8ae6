package dev.slipway.engine.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tries each way to isolate once, with an empty sandbox, and takes the best that works.
final class TierProbe {
  private static final String TRIAL =
      "library=$1; shift; exec \"$@\" 4>&2 7<\"$library/cover.sh\" 8<\"$library/init.sh\"";

  private static final String CHECK = "test -x \"$1/bin/java\" && : >works";

  private TierProbe() {}

  /// The best way within the demand.
  ///
  /// @throws EngineRefusal when none works, saying why each does not
  static Isolation choose(
      List<Isolation> ways, IsolationDemand demand, EngineDirectory directory, Account account)
      throws IOException, InterruptedException {
    List<String> reasons = new ArrayList<>();
    for (Isolation way : ways) {
      if (!demand.allows(way.tier())) {
        continue;
      }
      Optional<String> problem = attempt(way, directory, account);
      if (problem.isEmpty()) {
        return way;
      }
      reasons.add(way.tier() + ": " + problem.get());
    }
    throw new EngineRefusal(refusal(demand, reasons, directory));
  }

  private static String refusal(
      IsolationDemand demand, List<String> reasons, EngineDirectory directory) {
    var text = new StringBuilder("no isolation of at least '").append(demand.weakest());
    text.append("' works on this machine");
    if (reasons.isEmpty()) {
      text.append(": it needs other privileges or programs (bwrap, unshare, setpriv)");
    } else {
      text.append(" (").append(String.join("; ", reasons)).append(')');
    }
    Isolation.closedAncestor(directory.tasks())
        .ifPresent(
            closed ->
                text.append("; tasks with accounts of their own cannot enter ")
                    .append(closed)
                    .append(": choose another data directory, or chmod o+x"));
    return text.toString();
  }

  private static Optional<String> attempt(Isolation way, EngineDirectory directory, Account account)
      throws IOException, InterruptedException {
    Path trial = Files.createTempDirectory(directory.tasks(), ".trial");
    try {
      EngineDirectory.makeWalkable(trial);
      Path sandbox = Files.createDirectory(trial.resolve("sandbox"));
      SandboxOwner.give(sandbox, account);
      Path library = directory.library();
      List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", TRIAL, "sh"));
      words.add(library.toString());
      words.addAll(way.start(sandbox, account, List.of(), List.of()));
      words.add(sandbox.toString());
      words.addAll(way.initPrograms());
      words.addAll(List.of("0", "0", "/bin/sh", "-c", CHECK, "sh", way.javaHome().toString()));
      Tool.Outcome outcome = Tool.run(words);
      boolean works = Files.exists(sandbox.resolve("works"), LinkOption.NOFOLLOW_LINKS);
      if (outcome.succeeded() && works) {
        return Optional.empty();
      }
      return Optional.of(
          "exit code " + outcome.exitCode() + ", " + outcome.output().replace('\n', ' ').strip());
    } finally {
      Tree.delete(trial);
    }
  }
}
