package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  private static final Duration LOOK = Duration.ofSeconds(5);

  /// Where the objects come from: what fabric8 calls a filtered operation.
  interface Source<T extends HasMetadata> {
    KubernetesResourceList<T> list(ListOptions options);

    Watch watch(ListOptions options, Watcher<T> watcher);
  }

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
  private final Source<T> source;
  private final Listener<T> listener;
  private final AtomicLong heard = new AtomicLong();
  private final Thread thread;
  private volatile @Nullable Hearing hearing;
  private volatile boolean closed;

  Watching(String what, Source<T> source, Listener<T> listener) {
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
    boolean told = false;
    while (!closed) {
      try {
        String version = listAll();
        if (told) {
          log.info("kubernetes.watch.again what={}", what);
        }
        told = false;
        pause = FIRST_PAUSE;
        hearUntilInterrupted(version);
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
      var options = new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
      KubernetesResourceList<T> page = source.list(options);
      all.addAll(page.getItems());
      next = page.getMetadata().getContinue();
      version = page.getMetadata().getResourceVersion();
    } while (next != null && !next.isEmpty());
    listener.all(all, asked);
    return version;
  }

  private void hearUntilInterrupted(String version) throws InterruptedException {
    var current = new Hearing();
    hearing = current;
    heard.set(System.nanoTime());
    var options =
        new ListOptionsBuilder().withResourceVersion(version).withAllowWatchBookmarks(true).build();
    try (Watch _ = source.watch(options, current)) {
      while (!current.over.await(LOOK.toSeconds(), TimeUnit.SECONDS)) {
        if (System.nanoTime() - heard.get() > LONGEST_SILENCE.toNanos()) {
          log.warn("kubernetes.watch.silent what={}", what);
          return;
        }
      }
    } finally {
      current.stop();
    }
  }

  /// One connection's changes. After its end it passes nothing on, so that what comes late cannot
  /// overtake the next list.
  private final class Hearing implements Watcher<T> {
    private final CountDownLatch over = new CountDownLatch(1);
    private boolean stopped;

    @Override
    public synchronized void eventReceived(Action action, T object) {
      if (stopped) {
        return;
      }
      heard.set(System.nanoTime());
      try {
        switch (action) {
          case ADDED, MODIFIED -> listener.seen(object);
          case DELETED -> listener.removed(object);
          case BOOKMARK -> {}
          case ERROR -> over.countDown();
        }
      } catch (RuntimeException fault) {
        log.error("kubernetes.watch.fault what={}", what, fault);
        over.countDown();
      }
    }

    /// No more of its changes come after this.
    synchronized void stop() {
      stopped = true;
      over.countDown();
    }

    /// After whatever interrupted it. The client does not reconnect by itself: nobody could tell
    /// then how long nothing is heard, and a connection that breaks while it is made may be waited
    /// for without end.
    @Override
    public void onClose(WatcherException cause) {
      over.countDown();
    }

    @Override
    public void onClose() {
      over.countDown();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    Hearing current = hearing;
    if (current != null) {
      current.stop();
    }
  }
}
