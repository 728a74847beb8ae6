package dev.slipway.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says on the standard error what went wrong, why, and how to mend it; gives the exit code.
final class Mistakes {
  private static final int BUG = Exit.FAILED.code();

  private Mistakes() {}

  /// A line that cannot be understood.
  static int usage(Session session, ParameterException mistake) {
    CommandLine line = mistake.getCommandLine();
    boolean root = line.getParent() == null;
    String unknown = root ? unknownCommand(mistake) : "";
    if (!unknown.isEmpty()) {
      List<String> near = Words.nearest(unknown, Commands.NAMES);
      say(
          session,
          "There is no command '" + Words.printable(unknown) + "'",
          near.isEmpty()
              ? "`slipway --help` lists them."
              : "Did you mean `slipway " + String.join("` or `slipway ", near) + "`?");
      return Exit.USAGE.code();
    }
    String what = String.valueOf(mistake.getMessage());
    say(session, Words.printable(what), suggestion(mistake, line.getCommandSpec().qualifiedName()));
    return Exit.USAGE.code();
  }

  private static String unknownCommand(ParameterException mistake) {
    if (mistake instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst();
      return word.startsWith("-") ? "" : word;
    }
    return "";
  }

  private static String suggestion(ParameterException mistake, String command) {
    String help = "`" + command + " --help` tells how it is used.";
    if (mistake instanceof UnmatchedArgumentException unmatched) {
      List<String> options =
          unmatched.getCommandLine().getCommandSpec().options().stream()
              .map(CommandLine.Model.OptionSpec::longestName)
              .toList();
      List<String> near = Words.nearest(unmatched.getUnmatched().getFirst(), options);
      return near.isEmpty() ? help : "Did you mean " + String.join(" or ", near) + "? " + help;
    }
    return help;
  }

  /// What a command threw: a complaint, or a bug.
  static int failure(Session session, Exception error) {
    if (error instanceof Complaint complaint) {
      session.note(session.paint(Tone.BAD, "slipway: " + complaint.what()));
      complaint.details().forEach(detail -> session.note("  " + detail));
      String advice = complaint.advice();
      if (advice != null) {
        session.note(advice);
      }
      return complaint.exit().code();
    }
    session.note("slipway: a bug in this command, please report it:");
    error.printStackTrace(session.surroundings().err());
    return BUG;
  }

  private static void say(Session session, String what, String advice) {
    session.note("slipway: " + what);
    session.note(advice);
  }
}
