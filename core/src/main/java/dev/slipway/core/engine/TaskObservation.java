package dev.slipway.core.engine;

import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/// What an engine saw of one task; the latest one holds. Observations may come late, twice or out
/// of order; a task that was seen to end never comes back.
public record TaskObservation(TaskId task, NodeId node, Instant at, Status status) {
  public sealed interface Status {
    /// Accepted; artifacts are being fetched.
    record Staging() implements Status {}

    /// The process runs.
    ///
    /// @param addresses the network addresses that are the task's own, the one that it is mostly
    ///     reached at first; none where it shares its node's
    record Running(List<String> addresses) implements Status {
      /// Addresses that one task may have; engines tell no more.
      public static final int MOST_ADDRESSES = 8;

      private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");

      /// A task that shares its node's addresses.
      public Running() {
        this(List.of());
      }

      public Running {
        addresses = List.copyOf(addresses);
        if (addresses.size() > MOST_ADDRESSES) {
          throw new IllegalArgumentException(
              "a task has at most %d addresses, not %d"
                  .formatted(MOST_ADDRESSES, addresses.size()));
        }
        for (String address : addresses) {
          if (!ADDRESS.matcher(address).matches()) {
            throw new IllegalArgumentException(
                "'%s' is no IPv4 or IPv6 address in digits, such as 10.1.2.3 or fd00::1"
                    .formatted(address));
          }
        }
      }
    }

    /// The process is gone, with all its descendants.
    record Ended(TaskEnd end) implements Status {}
  }
}
