package dev.slipway.endtoend.availability;

import dev.slipway.core.linearizability.Operation;
import dev.slipway.core.linearizability.Operation.Write;
import java.util.List;
import java.util.stream.Stream;

/// The time whose writes a database may have lost although it had acknowledged them: from the
/// moment at which nothing was copied any more until everything was read anew from the copy.
///
/// @param from a moment of the history, before the first write that may be lost
/// @param to a moment of the history, after the last one
record LostTail(long from, long to) {
  /// The history in which a write of that time may have come about or not, and nobody saw anything
  /// then. Writes that were answered before, and all that began after, count as ever.
  List<Operation> without(List<Operation> history) {
    return history.stream().flatMap(this::told).toList();
  }

  private Stream<Operation> told(Operation one) {
    if (one.returned() <= from || one.invoked() >= to) {
      return Stream.of(one);
    }
    return one.action() instanceof Write
        ? Stream.of(
            new Operation(one.client(), one.key(), one.invoked(), Operation.NEVER, one.action()))
        : Stream.empty();
  }
}
