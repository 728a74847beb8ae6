package dev.slipway.endtoend.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.linearizability.History;
import dev.slipway.core.linearizability.Linearizability;
import dev.slipway.core.linearizability.Operation.Read;
import dev.slipway.core.linearizability.Operation.Write;
import dev.slipway.endtoend.harness.Answer;
import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Client;
import dev.slipway.endtoend.harness.Eventually;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Clients that write and read all the time through any of the servers, and turn to the next when
/// one refuses or is silent. Each app without instances that they label is a value; what they saw
/// of it is held against its history at the end.
final class Writers implements AutoCloseable {
  private static final int APPS = 4;
  private static final int CLIENTS = 3;

  /// Every so many operations one is a read.
  private static final int READS = 3;

  /// A client that waits longer turns to another server, and does not know what came of it.
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final long PAUSE_NANOSECONDS = 80_000_000;

  /// Of answers from a server that does not lead.
  private static final String LAG = "X-Slipway-Lag-Millis";

  private static final LostTail NOTHING = new LostTail(Long.MAX_VALUE, Long.MAX_VALUE);

  private final List<Client> servers;
  private final String group;
  private final List<String> apps;
  private final History history = new History();
  private final AtomicLong values = new AtomicLong();
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicLong lastBegun = new AtomicLong(System.nanoTime());
  private final AtomicLong lastAccepted = new AtomicLong(System.nanoTime());
  private final AtomicLong longestGap = new AtomicLong();
  private final Map<Integer, Integer> refusals = new ConcurrentSkipListMap<>();
  private final List<String> impolite = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  private Writers(List<Client> servers, String group) {
    this.servers = servers;
    this.group = group;
    this.apps = IntStream.range(0, APPS).mapToObj(number -> group + "/value-" + number).toList();
  }

  /// @param group the path below which their apps are
  static Writers through(List<URI> servers, String group) {
    var writers =
        new Writers(
            servers.stream().map(Client::new).map(each -> each.waitingFor(PATIENCE)).toList(),
            group);
    writers.apps.forEach(writers::create);
    for (int number = 0; number < CLIENTS; number++) {
      String name = "writer-" + number;
      writers.threads.add(
          Thread.ofVirtual().name(name).start(() -> writers.writeUntilClosed(name)));
    }
    return writers;
  }

  private static App app(String id, long value) {
    return App.sleeping(id)
        .with("instances", 0)
        .with("labels", Map.of("value", Long.toString(value)));
  }

  private void create(String id) {
    Eventually.soDespiteSilence(id + " is there", () -> write("creator", id, next()));
  }

  private Client next() {
    return servers.get(Math.floorMod(turn.getAndIncrement(), servers.size()));
  }

  private void writeUntilClosed(String name) {
    for (int count = 1; !closed; count++) {
      String id = apps.get(ThreadLocalRandom.current().nextInt(apps.size()));
      if (count % READS == 0) {
        read(name, id, next());
      } else {
        write(name, id, next());
      }
      LockSupport.parkNanos(PAUSE_NANOSECONDS);
    }
  }

  /// @return whether it was accepted
  private boolean write(String name, String id, Client server) {
    long value = values.incrementAndGet();
    long begin = System.nanoTime();
    History.Call call = history.call(name, id);
    var action = new Write(Optional.of(Long.toString(value)));
    try {
      Answer answer = server.put("/v2/apps" + id + "?force=true", app(id, value));
      if (answer.isGood()) {
        call.answered(action);
        accepted(begin);
        return true;
      }
      refused(answer);
    } catch (UncheckedIOException silent) {
      refusals.merge(0, 1, Integer::sum);
    }
    call.unknown(action);
    return false;
  }

  private void accepted(long begin) {
    long now = System.nanoTime();
    long before = lastAccepted.getAndAccumulate(now, Math::max);
    longestGap.accumulateAndGet(now - before, Math::max);
    lastBegun.accumulateAndGet(begin, Math::max);
  }

  private void refused(Answer answer) {
    refusals.merge(answer.status(), 1, Integer::sum);
    if (answer.status() == 503 && answer.headers().firstValue("Retry-After").isEmpty()) {
      impolite.add(answer.toString());
    }
  }

  /// Reads count where the leader answered: others tell what they know, and how old it is.
  private void read(String name, String id, Client server) {
    History.Call call = history.call(name, id);
    try {
      Answer answer = server.get("/v2/apps" + id);
      if (answer.isGood() && answer.headers().firstValue(LAG).isEmpty()) {
        call.answered(new Read(Optional.of(value(answer))));
      }
    } catch (UncheckedIOException silent) {
      // Nothing was learnt.
    }
  }

  private static String value(Answer answer) {
    return answer.json().at("/app/labels/value").asString();
  }

  /// Waits until a write is accepted that begins after this.
  void awaitAccepted() {
    long now = System.nanoTime();
    Eventually.so("a write is accepted", () -> lastBegun.get() > now);
  }

  /// The longest time in which no write was accepted.
  Duration longestGap() {
    return Duration.ofNanos(longestGap.get());
  }

  /// How often each status refused a write; 0 stands for silence.
  Map<Integer, Integer> refusals() {
    return Map.copyOf(refusals);
  }

  /// A moment between all that was answered by now and all that is asked from now on.
  long moment() {
    return history.moment();
  }

  /// Ends the writing; then each write that was accepted is there, and all that was seen can be
  /// told as one order of events.
  ///
  /// @param leader whom the last reads ask
  void assertNothingIsLost(Client leader) {
    assertNothingIsLostBut(NOTHING, leader);
  }

  /// The same, where the database lost what it had acknowledged in some time.
  void assertNothingIsLostBut(LostTail tail, Client leader) {
    close();
    for (String id : apps) {
      History.Call call = history.call("reader", id);
      call.answered(new Read(Optional.of(value(leader.get("/v2/apps" + id).expect(200)))));
    }
    assertThat(Linearizability.violation(tail.without(history.operations()))).isEmpty();
    assertThat(impolite).as("refusals that do not say when to come again").isEmpty();
    System.out.printf(
        "%s: %d writes, longest gap %d ms, refused %s%n",
        group, values.get(), longestGap().toMillis(), refusals);
  }

  @Override
  public void close() {
    closed = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
