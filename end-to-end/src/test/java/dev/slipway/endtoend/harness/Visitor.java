package dev.slipway.endtoend.harness;

import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Asks an app again and again, as a load balancer would: one of the instances that the server
/// lists as healthy at that moment, and each at most once in a row.
public final class Visitor implements AutoCloseable {
  private final Client client;
  private final String app;
  private final Function<Tasks.Task, URI> where;
  private final Map<String, Integer> answers = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger fewestHealthy = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final Thread thread = Thread.ofVirtual().name("visitor").unstarted(this::visit);
  private volatile boolean closed;

  private Visitor(Client client, String app, Function<Tasks.Task, URI> where) {
    this.client = client;
    this.app = app;
    this.where = where;
  }

  /// Begins to ask tasks of this machine.
  public static Visitor of(Client client, String app) {
    return of(client, app, task -> URI.create("http://127.0.0.1:" + task.ports().getFirst()));
  }

  /// Begins to ask.
  ///
  /// @param where a task is asked
  public static Visitor of(Client client, String app, Function<Tasks.Task, URI> where) {
    var visitor = new Visitor(client, app, where);
    visitor.thread.start();
    return visitor;
  }

  private void visit() {
    int turn = 0;
    while (!closed) {
      Tasks tasks = Tasks.of(client, app);
      List<Tasks.Task> healthy = tasks.healthy();
      fewestHealthy.accumulateAndGet(healthy.size(), Math::min);
      mostRunning.accumulateAndGet(tasks.running().size(), Math::max);
      if (healthy.isEmpty()) {
        failures.add("no instance is healthy");
        continue;
      }
      ask(healthy.get(turn % healthy.size()));
      turn++;
    }
  }

  private void ask(Tasks.Task task) {
    try {
      Answer answer = new Client(where.apply(task)).get("/");
      if (answer.status() == 200) {
        answers.merge(answer.body(), 1, Integer::sum);
      } else {
        failures.add(task.id() + " answered " + answer.status());
      }
    } catch (UncheckedIOException silent) {
      failures.add(task.id() + " did not answer: " + silent.getMessage());
    }
  }

  /// How often each version answered.
  public Map<String, Integer> answers() {
    return new TreeMap<>(answers);
  }

  public List<String> failures() {
    return List.copyOf(failures);
  }

  public int fewestHealthy() {
    return fewestHealthy.get();
  }

  public int mostRunning() {
    return mostRunning.get();
  }

  /// Waits until this version has answered.
  public void awaitAnswer(String version) {
    Eventually.so(version + " answers", () -> answers.containsKey(version));
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
