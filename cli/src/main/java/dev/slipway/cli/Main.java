package dev.slipway.cli;

/// The `slipway` command's entry.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(Surroundings.ofProcess(), arguments));
  }

  /// Carries out one command line and returns its exit code ([Exit]). All output is flushed.
  public static int run(Surroundings surroundings, String... arguments) {
    Session session = new Session(surroundings);
    int code = Commands.named(session, arguments).execute(arguments);
    surroundings.out().flush();
    surroundings.err().flush();
    return code;
  }
}
