package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.TaskEnd;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/// The order to end a pod, kept in its annotation {@link Names#KILL}, so that whoever reads the pod
/// afterwards knows why it ended: `KILLED: killed on request`.
///
/// @param reason why the platform ends it
/// @param message one line for people
record EndOrder(TaskEnd.Reason reason, String message) {
  static final EndOrder KILLED = new EndOrder(TaskEnd.Reason.KILLED, "killed on request");

  private static final String SEPARATOR = ": ";
  private static final int LONGEST_MESSAGE = 1024;

  EndOrder {
    message = Lines.one(message, LONGEST_MESSAGE);
  }

  static EndOrder of(TaskEnd end) {
    return new EndOrder(end.reason(), end.message());
  }

  /// The order that a pod carries. A text that is no order of ours still is one to end the pod.
  static Optional<EndOrder> of(Pod pod) {
    return Names.annotation(pod, Names.KILL).map(EndOrder::parse);
  }

  String text() {
    return reason + SEPARATOR + message;
  }

  private static EndOrder parse(String text) {
    for (TaskEnd.Reason reason : TaskEnd.Reason.values()) {
      String head = reason + SEPARATOR;
      if (text.startsWith(head)) {
        return new EndOrder(reason, text.substring(head.length()));
      }
    }
    return KILLED;
  }
}
