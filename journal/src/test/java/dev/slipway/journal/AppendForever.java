package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.nio.file.Path;

/// A process that recovers a journal and then appends to it, and takes snapshots, until it is
/// killed. It prints the number of each last event once that is acknowledged.
final class AppendForever {
  private AppendForever() {}

  public static void main(String[] arguments) {
    try (var lock = DirectoryLock.acquire(Path.of(arguments[0]));
        var journal = SqlJournal.open(lock)) {
      Recovered recovered = journal.recover();
      Epoch epoch = journal.takeLeadership();
      State state = recovered.state();
      var history = new History();
      for (int batch = 0; ; batch++) { // Ends with the process.
        var events = history.next(1 + batch % 7);
        long last = journal.append(events, epoch, journal.sequence());
        System.out.println(last);
        state = Evolution.applyAll(state, events);
        if (batch % 50 == 49) {
          journal.snapshot(state, last, epoch);
        }
      }
    }
  }
}
