package dev.slipway.server.marathon.json;

import java.util.List;
import java.util.regex.Pattern;

/// The bounds of what an app may say, beyond what the core itself bounds.
public final class AppLimits {
  /// Characters of `cmd`, and of one word of `args`. The kernel takes up to 128 KiB for one word.
  public static final int COMMAND_LENGTH = 64 * 1024;

  public static final int ARGUMENTS = 1000;
  public static final int ENV_ENTRIES = 1000;
  public static final int LABELS = 1000;
  public static final int NAME_LENGTH = 1024;
  public static final int VALUE_LENGTH = 64 * 1024;
  public static final int FETCHES = 100;
  public static final int PORTS = 100;
  public static final int HEALTH_CHECKS = 20;
  public static final int CONSTRAINTS = 100;
  public static final int CONSTRAINT_LENGTH = 1024;

  /// Regular expressions in constraints and preferences together.
  public static final int EXPRESSIONS = 20;

  public static final int DEPENDENCIES = 1000;
  public static final int PREFERENCES = 100;
  public static final int VOLUMES = 100;
  public static final int NETWORKS = 32;
  public static final int PARAMETERS = 100;
  public static final int SECRETS = 1000;
  public static final int STATUSES = 100;
  public static final int ROLES = 100;

  /// Characters of what is kept for Mesos's sake alone, as JSON.
  public static final int KEPT_LENGTH = 4096;

  /// The least share of a processor that can be asked for.
  public static final double LEAST_CPUS = 0.001;

  public static final double MOST_CPUS = 100_000;

  /// In MiB, which makes a pebibyte.
  public static final double MOST_MEBIBYTES = 1024.0 * 1024 * 1024;

  public static final int MOST_GPUS = 10_000;

  /// Three years, in seconds.
  public static final double MOST_SECONDS = 100_000_000;

  /// Between two questions of a check, and for its answer: a day, in seconds.
  public static final double MOST_CHECK_SECONDS = 86_400;

  public static final double MOST_BACKOFF_FACTOR = 1000;
  public static final int MOST_FAILURES = 1_000_000;

  /// Last parts of a path that would be taken for parts of the API (`PathId.scala`).
  public static final List<String> RESERVED = List.of("restart", "tasks", "versions");

  static final Pattern PORT_NAME =
      Pattern.compile("^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$");
  static final Pattern USER = Pattern.compile("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$");

  private AppLimits() {}

  /// Whether the text can be handed to a process: it has no NUL, which ends strings there.
  static boolean isPlain(String text) {
    return text.indexOf('\0') < 0;
  }
}
