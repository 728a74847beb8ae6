package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.engine.kubernetes.PodPlan.Refusal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The account that a task runs as. Kubernetes knows accounts by their numbers alone; names belong
/// to images, which nobody has read when a pod is made.
///
/// @param uid the account's number; without one the image's own account
/// @param gid the group's number; without one the image's own group for the account
record TaskAccount(Optional<Long> uid, Optional<Long> gid) {
  /// The group that a task gets beside its own where files are to be read by an account that is not
  /// root: Kubernetes gives such files to a group, never to an account.
  static final long FILE_GROUP = 65_533;

  private static final Pattern NUMBERS = Pattern.compile("([0-9]{1,10})(?::([0-9]{1,10}))?");
  private static final long LARGEST = Integer.MAX_VALUE;

  static TaskAccount of(TaskLaunch launch, DockerParameters parameters) {
    return parameters
        .user()
        .or(launch::user)
        .map(TaskAccount::parse)
        .orElse(new TaskAccount(Optional.empty(), Optional.empty()));
  }

  private static TaskAccount parse(String text) {
    if (text.equals("root")) {
      return new TaskAccount(Optional.of(0L), Optional.of(0L));
    }
    Matcher matcher = NUMBERS.matcher(text);
    if (!matcher.matches()) {
      throw new Refusal(
          TaskEnd.Reason.COMMAND_INVALID,
          ("the user '%s' is a name, and Kubernetes starts tasks by the account's number alone:"
                  + " write it, such as 1000 or 1000:1000, or 'root'")
              .formatted(text));
    }
    return new TaskAccount(number(matcher.group(1)), number(matcher.group(2)));
  }

  private static Optional<Long> number(@Nullable String digits) {
    if (digits == null) {
      return Optional.empty();
    }
    long number = Long.parseLong(digits);
    if (number > LARGEST) {
      throw new Refusal(
          TaskEnd.Reason.COMMAND_INVALID,
          "the account's number %d is larger than %d".formatted(number, LARGEST));
    }
    return Optional.of(number);
  }

  boolean isRoot() {
    return uid.filter(number -> number == 0).isPresent();
  }

  /// Who gets what is fetched; the image's own account cannot be known.
  Optional<Integer> owner() {
    return uid.filter(number -> number != 0).map(Math::toIntExact);
  }
}
