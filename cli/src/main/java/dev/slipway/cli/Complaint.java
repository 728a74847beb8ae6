package dev.slipway.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why the command ends without what was asked for, in words for a person: what, why, and how to
/// mend it.
///
/// It is an expected end, not a bug, so it carries no stack trace.
public final class Complaint extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Exit exit;
  private final transient List<String> details;
  private final @Nullable String mend;

  private Complaint(Exit exit, String what, List<String> details, @Nullable String mend) {
    super(what, null, false, false);
    this.exit = exit;
    this.details = List.copyOf(details);
    this.mend = mend;
  }

  public static Complaint of(Exit exit, String what) {
    return new Complaint(exit, what, List.of(), null);
  }

  /// The same complaint with the reasons that stand below it, one a line.
  public Complaint because(List<String> reasons) {
    return new Complaint(exit, what(), reasons, mend);
  }

  /// The same complaint with advice: what the person can do now.
  public Complaint mend(@Nullable String advice) {
    return new Complaint(exit, what(), details, advice);
  }

  public Exit exit() {
    return exit;
  }

  public String what() {
    return String.valueOf(getMessage());
  }

  public List<String> details() {
    return details;
  }

  public @Nullable String advice() {
    return mend;
  }
}
