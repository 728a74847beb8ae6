package dev.slipway.server.control;

import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The tasks that were seen where nothing recorded speaks of them, and who wants to hear that
/// one of them ended. Any thread may call.
public final class Strays {
  /// More are counted, and their end is not told.
  private static final int MAX_KNOWN = 1000;

  /// A task of the same name may have been launched elsewhere.
  private record Where(TaskId task, NodeId node) {}

  private final AtomicLong count = new AtomicLong();
  private final Map<Where, Boolean> known =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Where, Boolean> eldest) {
              return size() > MAX_KNOWN;
            }
          });
  private final List<Consumer<TaskObservation>> listeners = new CopyOnWriteArrayList<>();

  /// How often one was seen.
  public long count() {
    return count.get();
  }

  /// Has `listener` told of each that ends; it returns at once.
  public void onEnd(Consumer<TaskObservation> listener) {
    listeners.add(listener);
  }

  void seen(TaskId task, NodeId node) {
    count.incrementAndGet();
    known.put(new Where(task, node), true);
  }

  /// Takes what an engine sees of any task.
  void observed(TaskObservation observation) {
    boolean over = observation.status() instanceof TaskObservation.Status.Ended;
    if (over && known.remove(new Where(observation.task(), observation.node())) != null) {
      listeners.forEach(listener -> listener.accept(observation));
    }
  }
}
