package dev.slipway.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/// How long nobody can write when the leader of three servers fails, and what is lost then.
final class FailoverBenchmark {
  static final String NAME = "failover";

  private static final double HARD_BAR = 8_000;
  private static final double GRACEFUL_BAR = 1_500;
  private static final int MANY_APPS = 10_000;

  private FailoverBenchmark() {}

  static Benchmark create() {
    Map<String, AssortedBenchmark.Part> parts = new LinkedHashMap<>();
    add(parts, new FailoverRounds("kill", FailoverFault.KILL, HARD_BAR, 0));
    add(parts, new FailoverRounds("pause", FailoverFault.PAUSE, 0, 0));
    add(parts, new FailoverRounds("partition", FailoverFault.PARTITION, 0, 0));
    add(parts, new FailoverRounds("graceful", FailoverFault.GRACEFUL, GRACEFUL_BAR, 0));
    add(parts, new FailoverRounds("takeover-10000", FailoverFault.KILL, HARD_BAR, MANY_APPS));
    parts.put("appends", new JournalAppends());
    return new AssortedBenchmark(
        NAME,
        "three servers whose leader fails: until writes go on, what is lost, the journals",
        parts);
  }

  private static void add(Map<String, AssortedBenchmark.Part> parts, FailoverRounds rounds) {
    parts.put(rounds.part(), rounds);
  }
}
