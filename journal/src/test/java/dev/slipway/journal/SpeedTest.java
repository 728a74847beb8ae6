package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Prints figures and judges only that the work was done: a slow machine is no fault of the code.
class SpeedTest {
  @TempDir Path directory;

  @Test
  void aHundredThousandEventsAreRecovered() throws Exception {
    Path file = JournalFile.in(directory);
    long last;
    try (var journal = SqlJournal.open(file)) {
      last =
          journal.append(
              new History().next(100_000 - 10), journal.takeLeadership(), journal.sequence());
    }
    long start = System.nanoTime();
    try (var journal = SqlJournal.open(file)) {
      long opened = System.nanoTime();
      long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      assertThat(journal.recover().sequence()).isEqualTo(last);
      print(
          "open %.0f ms, recover %d events %.0f ms (processor %.0f ms), file %.1f MB",
          milliseconds(start, opened),
          last,
          milliseconds(opened, System.nanoTime()),
          milliseconds(used, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()),
          Files.size(file) / 1e6);
    }
  }

  @Test
  void batchesAreAppended() {
    var history = new History();
    try (var journal = SqlJournal.open(JournalFile.in(directory))) {
      Epoch epoch = journal.takeLeadership();
      List<Event> events = new ArrayList<>(history.next(10_000));
      for (int size : List.of(1, 100)) {
        appendAll(journal, epoch, events.subList(0, 30 * size), size);
        List<Event> measured = events.subList(30 * size, 80 * size);
        long start = System.nanoTime();
        appendAll(journal, epoch, measured, size);
        double each = milliseconds(start, System.nanoTime()) / 50;
        print("batch of %d: %.2f ms, %.0f durable events/s", size, each, 1000 * size / each);
      }
      assertThat(journal.recover().sequence()).isEqualTo(80 * 101);
    }
  }

  private static void appendAll(SqlJournal journal, Epoch epoch, List<Event> events, int size) {
    long last = journal.sequence();
    for (int from = 0; from < events.size(); from += size) {
      last = journal.append(events.subList(from, from + size), epoch, last);
    }
  }

  private static double milliseconds(long from, long to) {
    return (to - from) / 1e6;
  }

  private static void print(String form, Object... values) {
    System.out.printf(Locale.ROOT, "journal: " + form + "%n", values);
  }
}
