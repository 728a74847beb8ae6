package dev.slipway.core.linearizability;

import dev.slipway.core.linearizability.Operation.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Keeps what many clients ask and are told. Time is the order of calls and answers, so that no
/// clock is needed. For any number of threads.
public final class History {
  private final AtomicLong time = new AtomicLong();
  private final List<Operation> operations = new ArrayList<>();

  /// A moment: what was told before lies before it.
  public long moment() {
    return time.incrementAndGet();
  }

  /// A client asks; it tells afterwards what came of it. One that was refused for certain, and
  /// changed nothing, need not.
  public Call call(String client, String key) {
    return new Call(client, key, time.incrementAndGet());
  }

  /// All that was told so far.
  public synchronized List<Operation> operations() {
    return List.copyOf(operations);
  }

  private synchronized void add(Operation operation) {
    operations.add(operation);
  }

  /// What a client asked, and is not answered yet.
  public final class Call {
    private final String client;
    private final String key;
    private final long invoked;

    private Call(String client, String key, long invoked) {
      this.client = client;
      this.key = key;
      this.invoked = invoked;
    }

    /// It was answered that this happened.
    public void answered(Action action) {
      add(new Operation(client, key, invoked, time.incrementAndGet(), action));
    }

    /// There was no answer, or one that leaves it open whether this happened or will.
    public void unknown(Action action) {
      add(new Operation(client, key, invoked, Operation.NEVER, action));
    }
  }
}
