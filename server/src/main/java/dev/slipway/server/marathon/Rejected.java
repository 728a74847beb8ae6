package dev.slipway.server.marathon;

import dev.slipway.server.marathon.json.Faults;
import dev.slipway.server.marathon.json.MessageJson;

/// A request that cannot be understood, with what to answer. Thrown while it is read, caught in one
/// place.
final class Rejected extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Answer answer;

  Rejected(Answer answer) {
    super("answered " + answer.status(), null, false, false);
    this.answer = answer;
  }

  Answer answer() {
    return answer;
  }

  static Rejected notFound(String message) {
    return new Rejected(Answer.message(404, message));
  }

  static Rejected bad(String message) {
    return new Rejected(Answer.message(400, message));
  }

  static Rejected unreadable(String details) {
    return new Rejected(
        Answer.of(400, new MessageJson("Invalid JSON", details, java.util.List.of())));
  }

  /// Wrong types come before wrong values, as in Marathon, which never gets to the latter then.
  static Rejected faulty(Faults faults) {
    return new Rejected(
        Answer.of(
            422,
            faults.types().isEmpty()
                ? MessageJson.of("Object is not valid", faults.values())
                : MessageJson.of("Invalid JSON", faults.types())));
  }

  static void ifAny(Faults faults) {
    if (!faults.isEmpty()) {
      throw faulty(faults);
    }
  }

  static Rejected method() {
    return new Rejected(Answer.message(405, "HTTP 405 Method Not Allowed"));
  }
}
