package dev.slipway.server.marathon.event;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Those that are called back with every event (`/v2/eventSubscriptions`), as Marathon up to 1.3
/// does. They are kept, and called again after the server has started anew; what happens in between
/// they are not told.
///
/// One lock guards the subscribers; nobody waits for one of them inside it.
public final class Callbacks implements AutoCloseable {
  /// Subscribers at once.
  public static final int MAX_SUBSCRIBERS = 50;

  private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

  private final EventStreams streams;
  private final SubscriptionStore store;
  private final AddressRule rule;
  private final Supplier<Instant> clock;
  private final Callback.Patience patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<URI, Callback> subscribers = new LinkedHashMap<>();
  private @Nullable CallbackPost post;

  /// @param rule where events may be sent
  public Callbacks(
      EventStreams streams, SubscriptionStore store, AddressRule rule, Supplier<Instant> clock) {
    this(streams, store, rule, clock, Callback.Patience.DEFAULT);
  }

  Callbacks(
      EventStreams streams,
      SubscriptionStore store,
      AddressRule rule,
      Supplier<Instant> clock,
      Callback.Patience patience) {
    this.streams = streams;
    this.store = store;
    this.rule = rule;
    this.clock = clock;
    this.patience = patience;
  }

  /// Calls back those that were kept.
  public void start() {
    lock.lock();
    try {
      store.read().stream().limit(MAX_SUBSCRIBERS).forEach(this::add);
    } finally {
      lock.unlock();
    }
  }

  /// What is wrong with an address, if anything.
  public static Optional<String> problem(String url) {
    try {
      CallbackAddress.parse(url);
      return Optional.empty();
    } catch (IllegalArgumentException wrong) {
      return Optional.of(String.valueOf(wrong.getMessage()));
    }
  }

  public List<String> urls() {
    lock.lock();
    try {
      return subscribers.keySet().stream().map(URI::toString).toList();
    } finally {
      lock.unlock();
    }
  }

  /// Calls an address back from now on; once only, however often it is asked for.
  ///
  /// @param url without a {@link #problem}
  /// @return what everybody is told; nothing when there are too many already
  public Optional<MarathonEvent> subscribe(String url, String clientIp) {
    URI address = CallbackAddress.parse(url);
    lock.lock();
    try {
      if (!subscribers.containsKey(address)) {
        if (subscribers.size() >= MAX_SUBSCRIBERS) {
          return Optional.empty();
        }
        add(address);
        keep();
      }
    } finally {
      lock.unlock();
    }
    return Optional.of(tell("subscribe_event", clientIp, url));
  }

  /// Calls an address back no more. All others are told, whether or not it was known.
  public MarathonEvent unsubscribe(String url, String clientIp) {
    lock.lock();
    try {
      Optional<Callback> known =
          problem(url).isPresent()
              ? Optional.empty()
              : Optional.ofNullable(subscribers.get(CallbackAddress.parse(url)));
      known.ifPresent(this::remove);
    } finally {
      lock.unlock();
    }
    return tell("unsubscribe_event", clientIp, url);
  }

  private MarathonEvent tell(String type, String clientIp, String url) {
    var event = MarathonEvent.subscription(type, clientIp, url, clock.get());
    streams.publish(event);
    return event;
  }

  private void add(URI address) {
    CallbackPost sender = post == null ? new CallbackPost(rule) : post;
    post = sender;
    var callback = new Callback(address, sender, patience, this::giveUp);
    subscribers.put(address, callback);
    streams.join(callback);
    callback.start();
  }

  private void giveUp(Callback callback) {
    lock.lock();
    try {
      remove(callback);
    } finally {
      lock.unlock();
    }
    tell("unsubscribe_event", "", callback.address().toString());
  }

  private void remove(Callback callback) {
    if (subscribers.remove(callback.address(), callback)) {
      streams.leave(callback);
      // Before its end: that interrupts the callback's thread, which may be this one, and an
      // interrupted thread writes no file.
      keep();
      callback.end();
    }
  }

  /// A subscriber is called back even if it cannot be kept: the disk is full, and that is told
  /// elsewhere.
  private void keep() {
    try {
      store.write(List.copyOf(subscribers.keySet()));
    } catch (java.io.UncheckedIOException failure) {
      LOG.warn("subscriptions.not.kept reason=\"{}\"", failure.getMessage());
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      subscribers.values().forEach(Callback::end);
      subscribers.clear();
      if (post != null) {
        post.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
