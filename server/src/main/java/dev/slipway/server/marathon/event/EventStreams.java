package dev.slipway.server.marathon.event;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.Change;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import dev.slipway.server.control.Transition;
import dev.slipway.server.marathon.json.AppJson;
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
import org.jspecify.annotations.Nullable;

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
  private final Map<DeploymentId, Post> answered = new LinkedHashMap<>();
  private final Deque<Frame> kept = new ArrayDeque<>();
  private final Set<EventStream> streams = new LinkedHashSet<>();
  private final Set<Listener> others = new LinkedHashSet<>();
  private List<Transition> past;
  private long announcements;
  private long keptBytes;
  private Position last;
  // All after this one is kept; nothing before anything was told.
  private @Nullable Position keptSince;
  // Whether the last durable event is known, so that the next one's number is.
  private boolean placed;
  private boolean closed;

  /// Somebody asked for an app to be made or changed.
  ///
  /// @param uri what was asked, with its query
  public record Post(String clientIp, String uri, PathId app) {
    /// The app is told as the deployment brings it, which nobody knew while it waited.
    private Optional<MarathonEvent> told(Event.DeploymentStarted started, State after) {
      return Optional.ofNullable(started.deployment().apps().get(app))
          .flatMap(Change::after)
          .or(() -> after.app(app))
          .map(
              posted ->
                  MarathonEvent.apiPost(clientIp, uri, AppJson.fromCore(posted), started.at()));
    }
  }

  /// One that is told of events from anywhere on.
  public EventStreams(Supplier<Instant> clock) {
    this.clock = clock;
    this.past = List.of();
    this.last = Position.START;
  }

  /// @param sequence the number of the last durable event before the first that is told
  /// @param past the last durable events up to that one, without a gap, for clients that come back;
  ///     what is told of them is worked out when the first of these asks
  public EventStreams(Supplier<Instant> clock, long sequence, List<Transition> past) {
    this.clock = clock;
    this.past = List.copyOf(past);
    this.last = Position.after(sequence);
    this.keptSince = last;
    this.placed = true;
  }

  /// A request that is about to be submitted. Close it once it is answered.
  public final class Announcement implements AutoCloseable {
    private final long number;

    private Announcement(long number) {
      this.number = number;
    }

    /// The request led to a deployment, which may have to wait for its turn: `post` is told once it
    /// starts, before anything about it.
    public void leadsTo(DeploymentId deployment, Post post) {
      locked(
          () -> {
            answered.put(deployment, post);
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

  /// Tells of a change of a group, or of apps in it, that was refused.
  public Reply tellIfRefused(PathId group, Reply reply) {
    reply
        .refusal()
        .ifPresent(
            refused ->
                publish(MarathonEvent.groupChangeFailed(group, refused.message(), clock.get())));
    return reply;
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

  /// Ends the streams that are open; their clients may come back.
  public void endAll() {
    locked(() -> streams.forEach(EventStream::end));
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

  /// Has another listener told from now on.
  void join(Listener listener) {
    locked(() -> others.add(listener));
  }

  void leave(Listener listener) {
    locked(() -> others.remove(listener));
  }

  /// All kept events after `position`; none when events in between are not kept any more, or when
  /// it is not one that was ever given out.
  private List<Frame> since(Position position) {
    recall();
    Position since = keptSince;
    if (since == null || position.compareTo(last) > 0 || position.compareTo(since) < 0) {
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

  /// Puts what was told before the server started before what was told since.
  private void recall() {
    List<Transition> recalled = past;
    past = List.of();
    for (Transition transition : recalled.reversed()) {
      for (Frame frame : frames(transition).reversed()) {
        if (kept.size() >= MAX_KEPT || keptBytes + frame.size() > MAX_KEPT_BYTES) {
          keptSince = frame.position();
          return;
        }
        kept.addFirst(frame);
        keptBytes += frame.size();
      }
      keptSince = Position.after(transition.sequence());
    }
  }

  private static List<Frame> frames(Transition transition) {
    List<Frame> frames = new ArrayList<>();
    Position position = Position.after(transition.sequence());
    for (MarathonEvent event : EventMapping.of(transition)) {
      position = position.next();
      frames.add(Frame.of(position, event));
    }
    return frames;
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
    if (placed && transition.sequence() != last.sequence() + 1) {
      beginAnew(transition);
    }
    placed = true;
    last = Position.after(transition.sequence());
    keptSince = keptSince == null ? last : keptSince;
    if (transition.event() instanceof Event.DeploymentStarted started) {
      Optional.ofNullable(answered.remove(started.deployment().id()))
          .flatMap(post -> post.told(started, transition.after()))
          .ifPresent(this::tell);
    }
    frames(transition).forEach(this::tell);
  }

  /// The journal goes on elsewhere than where it was left: this server missed what was forgotten
  /// since, or what it was told is not recorded any more. Nobody is told on from before that.
  private void beginAnew(Transition transition) {
    kept.clear();
    keptBytes = 0;
    past = List.of();
    keptSince = Position.after(transition.sequence() - 1);
    streams.forEach(EventStream::end);
  }

  /// Tells of something that is in no journal.
  private void tell(MarathonEvent event) {
    keptSince = keptSince == null ? last : keptSince;
    tell(Frame.of(last.nextAside(), event));
  }

  private void tell(Frame frame) {
    last = frame.position();
    kept.add(frame);
    keptBytes += frame.size();
    while (kept.size() > MAX_KEPT || (keptBytes > MAX_KEPT_BYTES && kept.size() > 1)) {
      Frame oldest = kept.removeFirst();
      keptBytes -= oldest.size();
      keptSince = oldest.position();
      past = List.of();
    }
    streams.forEach(stream -> stream.offer(frame));
    others.forEach(listener -> listener.offer(frame));
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
