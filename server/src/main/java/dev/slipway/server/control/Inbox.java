package dev.slipway.server.control;

import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What waits for the control thread: wishes, with somebody who waits for a reply, and sights. It
/// is bounded: a wish that finds it full is refused, a sight waits at its source. Once it is shut,
/// wishes are refused and sights dropped: whoever leads next looks at everything anew.
///
/// Any thread puts in; the control thread takes out.
final class Inbox {
  /// Inputs that may wait.
  static final int CAPACITY = 10_000;

  private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(30);

  /// How long a sight waits for room before it looks whether the inbox was shut.
  private static final Duration ROOM = Duration.ofMillis(200);

  /// @param reply completed once the decision is durable; none for a sight
  record Entry(Input input, @Nullable CompletableFuture<Reply> reply) {}

  private final BlockingQueue<Entry> waiting = new LinkedBlockingQueue<>(CAPACITY);
  private volatile @Nullable String shut;

  int size() {
    return waiting.size();
  }

  /// Puts in what is to be answered, and waits for the reply.
  ///
  /// @throws Unavailable when it cannot be taken now
  Reply ask(Input input) {
    var reply = new CompletableFuture<Reply>();
    refuseIfShut();
    if (!waiting.offer(new Entry(input, reply))) {
      throw new Unavailable("too many requests are waiting (" + CAPACITY + "); try again");
    }
    if (shut != null) {
      // Shut meanwhile: either the one who shut it found this entry, or it is found now.
      refuseAll();
    }
    return await(reply);
  }

  private static Reply await(CompletableFuture<Reply> reply) {
    try {
      return reply.get(REPLY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new Unavailable(
          "no answer within " + REPLY_TIMEOUT.toSeconds() + " s; look whether it took effect");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while waiting; look whether it took effect");
    }
  }

  /// Puts in a sight. Waits for room, so that a flood slows its source.
  void tell(Input sight) {
    var entry = new Entry(sight, null);
    try {
      while (shut == null && !waiting.offer(entry, ROOM.toMillis(), TimeUnit.MILLISECONDS)) {
        // Ends: the control thread makes room, or the inbox is shut.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What has come in, at most `most`; waits for the first as long as that.
  List<Entry> take(Duration longest, int most) throws InterruptedException {
    List<Entry> entries = new ArrayList<>();
    var first = waiting.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      entries.add(first);
      waiting.drainTo(entries, most - 1);
    }
    return entries;
  }

  /// Refuses the wishes that wait, and keeps the sights.
  void refuseWishes(Unavailable why) {
    for (Entry entry : waiting.stream().filter(waits -> waits.reply() != null).toList()) {
      if (waiting.remove(entry)) {
        refuse(List.of(entry), why);
      }
    }
  }

  /// Refuses all that waits and all that comes from now on.
  void shut(String why) {
    if (shut == null) {
      shut = why;
    }
    refuseAll();
  }

  private void refuseIfShut() {
    String why = shut;
    if (why != null) {
      throw new Unavailable(why);
    }
  }

  private void refuseAll() {
    List<Entry> left = new ArrayList<>();
    waiting.drainTo(left);
    refuse(left, new Unavailable(String.valueOf(shut)));
  }

  static void refuse(List<Entry> entries, Unavailable why) {
    for (Entry entry : entries) {
      if (entry.reply() != null) {
        entry.reply().completeExceptionally(why);
      }
    }
  }

  static List<Entry> sights(List<Entry> entries) {
    return entries.stream().filter(entry -> entry.reply() == null).toList();
  }
}
