package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one kind of objects in sight for ever: lists them all, then hears each change, and begins
/// anew whenever changes may have been missed (the server forgot where we were, 410; the connection
/// broke; nothing was heard for so long that it may have broken unseen).
///
/// Not an informer of the client library: those keep every object, and with the pods of a whole
/// cluster that is most of the memory; here whoever hears decides what is kept.
///
/// Calls to the listener come one at a time.
final class Watching<T extends HasMetadata> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Watching.class);
  private static final long PAGE = 500;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /// The server tells about once a minute that it is still there (bookmarks).
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(3);

  /// What ends sooner is not begun again at once: a proxy may let lists through and no more.
  private static final Duration SHORTEST_HEARING = Duration.ofMillis(200);

  private static final Duration LOOK = Duration.ofSeconds(5);

  interface Listener<T> {
    /// All that there are: first, and after each interruption. What was there before and is not now
    /// went in between.
    ///
    /// @param asked when the list was asked for (`System.nanoTime()`); what came later may lack
    void all(List<T> objects, long asked);

    /// It is new, or changed.
    void seen(T object);

    /// It was deleted; this is how it was last.
    void removed(T object);
  }

  private final String what;
  private final Watched<T> source;
  private final Listener<T> listener;
  private final AtomicLong heard = new AtomicLong();
  private final Thread thread;
  private volatile @Nullable Hearing hearing;
  private volatile boolean closed;

  /// Whether people know that nothing is heard. The thread's own.
  private boolean told;

  Watching(String what, Watched<T> source, Listener<T> listener) {
    this.what = what;
    this.source = source;
    this.listener = listener;
    this.thread =
        Thread.ofPlatform().name("kubernetes-watch-" + what).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      try {
        String version = listAll();
        long begun = System.nanoTime();
        hearUntilInterrupted(version);
        pause = FIRST_PAUSE;
        if (System.nanoTime() - begun < SHORTEST_HEARING.toNanos()) {
          Thread.sleep(SHORTEST_HEARING);
        }
      } catch (KubernetesClientException failure) {
        if (!told && !closed) {
          log.warn("kubernetes.watch.lost what={} cause=\"{}\"", what, Failures.line(failure));
          told = true;
        }
        pause = rest(pause);
      } catch (InterruptedException stop) {
        return;
      } catch (RuntimeException fault) {
        if (!closed) {
          log.error("kubernetes.watch.fault what={}", what, fault);
        }
        pause = rest(pause);
      }
    }
  }

  /// Waits, and says how long to wait the next time.
  private static Duration rest(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  /// @return the version of the list, from which on changes are to be heard
  private String listAll() {
    List<T> all = new ArrayList<>();
    long asked = System.nanoTime();
    String next = null;
    String version;
    do {
      KubernetesResourceList<T> page = source.page(PAGE, next);
      all.addAll(page.getItems());
      next = page.getMetadata().getContinue();
      version = page.getMetadata().getResourceVersion();
    } while (next != null && !next.isEmpty());
    listener.all(all, asked);
    return version;
  }

  private void hearUntilInterrupted(String version) throws InterruptedException {
    try (Changes<T> changes = source.changesFrom(version);
        var current = new Hearing(changes)) {
      hearing = current;
      heard.set(System.nanoTime());
      current.start();
      if (told) {
        log.info("kubernetes.watch.again what={}", what);
        told = false;
      }
      while (!current.over.await(LOOK.toSeconds(), TimeUnit.SECONDS)) {
        if (System.nanoTime() - heard.get() > LONGEST_SILENCE.toNanos()) {
          log.warn("kubernetes.watch.silent what={}", what);
          return;
        }
      }
    }
  }

  /// One connection's changes, read by a virtual thread. After its end it passes nothing on, so
  /// that what comes late cannot overtake the next list.
  private final class Hearing implements AutoCloseable {
    private final CountDownLatch over = new CountDownLatch(1);
    private final Changes<T> changes;
    private boolean stopped;

    Hearing(Changes<T> changes) {
      this.changes = changes;
    }

    void start() {
      Thread.ofVirtual().name("kubernetes-changes-" + what).start(this::run);
    }

    private void run() {
      try {
        Optional<Changes.Change<T>> next = changes.next();
        while (next.isPresent()) {
          heard.set(System.nanoTime());
          pass(next.get());
          next = changes.next();
        }
      } catch (IOException broken) {
        // Whether the server is away, the next list finds out.
        log.debug("kubernetes.watch.broken what={}", what, broken);
      } catch (RuntimeException fault) {
        log.error("kubernetes.watch.fault what={}", what, fault);
      } finally {
        over.countDown();
      }
    }

    private synchronized void pass(Changes.Change<T> change) {
      if (stopped) {
        return;
      }
      switch (change.action()) {
        case ADDED, MODIFIED -> listener.seen(change.object());
        case DELETED -> listener.removed(change.object());
        case BOOKMARK, ERROR -> {}
      }
    }

    /// No more of its changes come after this.
    @Override
    public void close() {
      synchronized (this) {
        stopped = true;
      }
      over.countDown();
      changes.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    Hearing current = hearing;
    if (current != null) {
      current.close();
    }
  }
}
