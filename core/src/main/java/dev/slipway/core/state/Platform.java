package dev.slipway.core.state;

import dev.slipway.core.engine.Epoch;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// What the platform knows of itself.
///
/// @param id made once, when the journal was empty
/// @param epoch the leadership that writes now
/// @param identities how many identities have been given out
/// @param portCursor where the search for a free dynamic port goes on, so that a port just given
/// back
///     rests for a while
public record Platform(String id, Epoch epoch, long identities, int portCursor) {
  private static final int PORTS = 65_536;

  public static final Platform NONE = new Platform("", new Epoch(0), 0, 0);

  /// The identity after `offset` others: a name-based UUID (RFC 9562, version 3), so that deciding
  /// stays free of randomness. The epoch is part of the name: what a stale leader makes up is never
  /// equal to what its successor does.
  public UUID identity(long offset) {
    String name = id + "/" + epoch.value() + "/" + (identities + offset);
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  /// Where in the dynamic ranges the search for free ports begins. Each platform has its own
  /// beginning, so that two of them on one machine do not try the same ports.
  public int firstPort() {
    return Math.floorMod(id.hashCode() + portCursor, PORTS);
  }

  /// The cursor after `count` more ports were given out.
  public int portCursorAfter(int count) {
    return (portCursor + count) % PORTS;
  }

  Platform withIdentities(long count) {
    return new Platform(id, epoch, count, portCursor);
  }

  Platform withPortCursor(int cursor) {
    return new Platform(id, epoch, identities, cursor);
  }
}
