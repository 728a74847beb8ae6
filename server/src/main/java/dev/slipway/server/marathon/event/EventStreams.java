package dev.slipway.server.marathon.event;

import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.state.Event;
import dev.slipway.server.control.Transition;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// All that listen to `/v2/events`, and the last events, for those that come back.
///
/// Marathon tells `api_post_event` before what follows from the request. But only its answer says
/// which deployment that is, and by then the feed may have brought it already. So a request is
/// announced before it is submitted, and a deployment that starts meanwhile is held back, with all
/// after it, until the requests that were open when it came are answered. That takes no longer than
/// waking them up: answers are given before events are handed over.
///
/// One lock guards everything; nobody waits inside it.
public final class EventStreams implements Consumer<Transition>, AutoCloseable {
  /// Streams that may be open at once.
  public static final int MAX_STREAMS = 200;

  /// Events that are kept for clients that come back.
  static final int MAX_KEPT = 10_000;

  /// What they may take together; plans of many apps are long.
  static final long MAX_KEPT_BYTES = 32L * 1024 * 1024;

  /// Events held back for an announced request; beyond that they go out without it.
  private static final int MAX_HELD = 10_000;

  /// Requests that were answered and whose deployment has not come yet.
  private static final int MAX_ANSWERED = 1000;

  private record Held(Transition transition, long announcedBefore) {}

  private final Supplier<Instant> clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Held> held = new ArrayDeque<>();
  private final TreeSet<Long> announced = new TreeSet<>();
  private final Map<DeploymentId, MarathonEvent> answered = new LinkedHashMap<>();
  private final Deque<Frame> kept = new ArrayDeque<>();
  private final Set<EventStream> streams = new LinkedHashSet<>();
  private long announcements;
  private long keptBytes;
  private Position last = Position.START;
  private boolean closed;

  public EventStreams(Supplier<Instant> clock) {
    this.clock = clock;
  }

  /// A request that is about to be submitted. Close it once it is answered.
  public final class Announcement implements AutoCloseable {
    private final long number;

    private Announcement(long number) {
      this.number = number;
    }

    /// The request led to a deployment; `event` is told before anything about it.
    public void leadsTo(DeploymentId deployment, MarathonEvent event) {
      locked(
          () -> {
            answered.put(deployment, event);
            if (answered.size() > MAX_ANSWERED) {
              answered.remove(answered.keySet().iterator().next());
            }
          });
    }

    @Override
    public void close() {
      locked(
          () -> {
            announced.remove(number);
            release();
          });
    }
  }

  public Announcement announce() {
    lock.lock();
    try {
      announcements++;
      announced.add(announcements);
      return new Announcement(announcements);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void accept(Transition transition) {
    locked(
        () -> {
          held.add(new Held(transition, announcements));
          release();
        });
  }

  /// Tells of something that is in no journal.
  public void publish(MarathonEvent event) {
    locked(() -> tell(event));
  }

  /// Joins a client, which is told first what it missed since `lastEventId` as far as that is kept.
  ///
  /// @return nothing when there are too many already
  public Optional<EventStream> attach(
      Set<String> types, boolean light, String remoteAddress, Optional<String> lastEventId) {
    lock.lock();
    try {
      if (closed || streams.size() >= MAX_STREAMS) {
        return Optional.empty();
      }
      List<Frame> missed = lastEventId.flatMap(Position::parse).map(this::since).orElse(List.of());
      var stream = new EventStream(missed, types, light, remoteAddress);
      streams.add(stream);
      tell(MarathonEvent.stream("event_stream_attached", remoteAddress, clock.get()));
      return Optional.of(stream);
    } finally {
      lock.unlock();
    }
  }

  public void detach(EventStream stream) {
    locked(
        () -> {
          stream.end();
          if (streams.remove(stream)) {
            tell(
                MarathonEvent.stream("event_stream_detached", stream.remoteAddress(), clock.get()));
          }
        });
  }

  public int size() {
    lock.lock();
    try {
      return streams.size();
    } finally {
      lock.unlock();
    }
  }

  /// Ends all streams; none can be joined afterwards.
  @Override
  public void close() {
    locked(
        () -> {
          closed = true;
          streams.forEach(EventStream::end);
        });
  }

  /// All kept events after `position`; none when events in between are not kept any more, or when
  /// it is not one that was given out since the server started.
  private List<Frame> since(Position position) {
    if (kept.isEmpty()
        || position.compareTo(last) > 0
        || position.compareTo(kept.getFirst().position()) < 0) {
      return List.of();
    }
    List<Frame> missed = new ArrayList<>();
    for (Frame frame : kept) {
      if (frame.position().compareTo(position) > 0) {
        missed.add(frame);
      }
    }
    return missed;
  }

  private void release() {
    while (!held.isEmpty()) {
      Held next = held.getFirst();
      if (mustWait(next) && held.size() <= MAX_HELD) {
        return;
      }
      held.removeFirst();
      tell(next.transition());
    }
  }

  private boolean mustWait(Held next) {
    return next.transition().event() instanceof Event.DeploymentStarted started
        && !answered.containsKey(started.deployment().id())
        && !announced.isEmpty()
        && announced.first() <= next.announcedBefore();
  }

  private void tell(Transition transition) {
    last = new Position(transition.sequence(), 0);
    if (transition.event() instanceof Event.DeploymentStarted started) {
      MarathonEvent cause = answered.remove(started.deployment().id());
      if (cause != null) {
        tell(cause);
      }
    }
    EventMapping.of(transition).forEach(this::tell);
  }

  private void tell(MarathonEvent event) {
    last = last.next();
    Frame frame = Frame.of(last, event);
    kept.add(frame);
    keptBytes += frame.size();
    while (kept.size() > MAX_KEPT || (keptBytes > MAX_KEPT_BYTES && kept.size() > 1)) {
      keptBytes -= kept.removeFirst().size();
    }
    for (EventStream stream : streams) {
      stream.offer(frame);
    }
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
