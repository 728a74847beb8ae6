package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.State;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Snapshots in the database: the state as compressed JSON, cut into parts, each written in a
/// transaction of its own so that appends wait for one part at most. The row in `snapshots` comes
/// last; parts without one are the remains of a crash.
final class Snapshots {
  static final int KEPT = 2;

  private static final int PART_BYTES = 256 << 10;

  /// How many events one transaction forgets.
  private static final int EVENTS_FORGOTTEN_AT_ONCE = 2_000;

  private final Database database;
  private final Fence fence;
  private final Epoch epoch;

  /// @param epoch of the leader that writes: under another one it changes nothing
  Snapshots(Database database, Fence fence, Epoch epoch) {
    this.database = database;
    this.fence = fence;
    this.epoch = epoch;
  }

  void write(State state, long sequence) {
    change(Tables::deleteStrayParts);
    var parts = new Parts(sequence);
    compress(state, parts);
    var snapshot =
        Tables.Snapshot.of(sequence, state.platform().epoch().value(), parts.count, parts.bytes);
    change(
        connection -> {
          requireAllBefore(connection, snapshot);
          Tables.insert(connection, snapshot);
        });
    forget();
  }

  /// A snapshot takes its time. A replica that took over meanwhile may lack the last of the events
  /// in it, or some of the parts: nobody would recover from such a snapshot, or only to events that
  /// never were.
  private void requireAllBefore(Connection connection, Tables.Snapshot snapshot)
      throws SQLException {
    long last = Replay.head(connection, database.place()).sequence();
    if (snapshot.sequence() > last) {
      throw new HistoryLost(
          database.place(),
          "event %d is in a snapshot, and the last one is %d now"
              .formatted(snapshot.sequence(), last));
    }
    long parts = Tables.parts(connection, snapshot.sequence());
    if (parts != snapshot.parts()) {
      throw new HistoryLost(
          database.place(),
          "it has %d of the %d parts of a snapshot".formatted(parts, snapshot.parts()));
    }
  }

  /// Removes the snapshots that are not kept, and the events up to the oldest one that is.
  private void forget() {
    long oldest =
        write(
            connection -> {
              List<Tables.Snapshot> snapshots = Tables.snapshots(connection);
              if (snapshots.size() < KEPT) {
                return 0L;
              }
              long last = snapshots.get(KEPT - 1).sequence();
              Tables.deleteSnapshots(connection, last);
              Tables.deleteStrayParts(connection);
              return last;
            });
    boolean more = true;
    while (more) { // Ends: each round forgets events, or finds none to forget.
      more =
          write(
              connection -> {
                long first = Tables.firstEvent(connection);
                if (first == 0 || first > oldest) {
                  return false;
                }
                Tables.deleteEvents(
                    connection, Math.min(oldest, first + EVENTS_FORGOTTEN_AT_ONCE - 1));
                return true;
              });
    }
  }

  private void change(Database.Change change) {
    database.change(
        connection -> {
          fence.hold(connection, epoch);
          change.run(connection);
        });
  }

  private <T> T write(Database.Work<T> work) {
    return database.write(
        connection -> {
          fence.hold(connection, epoch);
          return work.run(connection);
        });
  }

  /// The state in a snapshot, or why it cannot be had.
  ///
  /// @param problem empty when there is a state
  record Reading(Optional<State> state, String problem) {}

  /// Where the parts of a snapshot come from, each with its checksum proved.
  interface PartSource {
    Optional<byte[]> part(int number) throws SQLException;
  }

  static Reading read(Connection connection, Tables.Snapshot snapshot) throws SQLException {
    return read(snapshot, number -> Tables.part(connection, snapshot.sequence(), number));
  }

  static Reading read(Tables.Snapshot snapshot, PartSource source) throws SQLException {
    if (!snapshot.isSound()) {
      return new Reading(Optional.empty(), "its checksum is wrong");
    }
    var parts = new PartsInput(snapshot, source);
    try (var json = new BufferedInputStream(new GZIPInputStream(parts, PART_BYTES))) {
      return new Reading(Optional.of(StateCodec.read(json)), "");
    } catch (UnreadableJson | IOException problem) {
      return parts.failed == null
          ? new Reading(Optional.empty(), parts.problem(problem))
          : rethrow(parts.failed);
    }
  }

  private static Reading rethrow(SQLException failed) throws SQLException {
    throw failed;
  }

  private static void compress(State state, OutputStream out) {
    try (var gzip = new FastGzip(out)) {
      StateCodec.write(state, gzip);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /// Cuts what is written to it into parts.
  private final class Parts extends OutputStream {
    private final long snapshot;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream(PART_BYTES);
    private int count;
    private long bytes;

    Parts(long snapshot) {
      this.snapshot = snapshot;
    }

    @Override
    public void write(int octet) {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int from, int length) {
      int done = 0;
      while (done < length) {
        int now = Math.min(length - done, PART_BYTES - pending.size());
        pending.write(octets, from + done, now);
        done += now;
        if (pending.size() == PART_BYTES) {
          finishPart();
        }
      }
    }

    @Override
    public void close() {
      if (pending.size() > 0) {
        finishPart();
      }
    }

    private void finishPart() {
      byte[] body = pending.toByteArray();
      pending.reset();
      int part = count;
      change(connection -> Tables.insertPart(connection, snapshot, part, body));
      count++;
      bytes += body.length;
    }
  }

  /// The parts one after the other.
  private static final class PartsInput extends InputStream {
    private final Tables.Snapshot snapshot;
    private final PartSource source;
    private byte[] body = new byte[0];
    private int position;
    private int next;
    private int damaged = -1;
    private @org.jspecify.annotations.Nullable SQLException failed;

    PartsInput(Tables.Snapshot snapshot, PartSource source) {
      this.snapshot = snapshot;
      this.source = source;
    }

    String problem(Exception symptom) {
      return damaged >= 0
          ? "its part " + damaged + " is missing or its checksum is wrong"
          : String.valueOf(symptom.getMessage());
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      while (position == body.length) {
        if (next == snapshot.parts()) {
          return -1;
        }
        fetch();
      }
      int count = Math.min(length, body.length - position);
      System.arraycopy(body, position, into, from, count);
      position += count;
      return count;
    }

    private void fetch() throws IOException {
      try {
        Optional<byte[]> part = source.part(next);
        if (part.isEmpty()) {
          damaged = next;
          throw new IOException("a part of the snapshot is damaged");
        }
        body = part.get();
        position = 0;
        next++;
      } catch (SQLException problem) {
        failed = problem;
        throw new IOException(problem);
      }
    }
  }
}
