package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.EngineUnavailable;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Writes to an API server that is slow, busy or away.
class WritesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void noMoreGoOnAtOnceThanIsAllowed() throws Exception {
    var writes = new Writes(new Writes.Bounds(3, 100_000, PATIENCE));
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    var full = new CyclicBarrier(3);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () ->
                      writes.send(
                          "x",
                          () -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            await(full);
                            return now.decrementAndGet();
                          })));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(most).hasValue(3);
    assertThat(writes.sent()).isEqualTo(12);
    assertThat(writes.waiting()).isZero();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
  }

  @Test
  void aWriteWhoseTurnDoesNotComeIsGivenUp() throws Exception {
    var writes = new Writes(new Writes.Bounds(1, 100_000, Duration.ofMillis(200)));
    var under = new CountDownLatch(1);
    var answered = new CountDownLatch(1);
    Thread first =
        Thread.ofVirtual()
            .start(
                () ->
                    writes.send(
                        "one",
                        () -> {
                          under.countDown();
                          return await(answered);
                        }));
    under.await();
    assertThatThrownBy(() -> writes.send("another", () -> true))
        .isInstanceOf(EngineUnavailable.class)
        .hasMessageContaining("another was not written: its turn did not come");
    answered.countDown();
    first.join();
    assertThat(writes.send("another", () -> true)).isTrue();
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException stop) {
      throw new AssertionError(stop);
    }
  }

  @Test
  void admissionIsAskedForBeforeEachAttempt() {
    var admitted = new AtomicInteger();
    var calls = new AtomicInteger();
    var writes =
        new Writes(
            new Writes.Bounds(1, 1_000, PATIENCE),
            () -> {
              if (admitted.incrementAndGet() == 3) {
                throw new StaleEpoch(new Epoch(1), new Epoch(2));
              }
            });
    assertThatThrownBy(
            () ->
                writes.send(
                    "x",
                    () -> {
                      calls.incrementAndGet();
                      throw new KubernetesClientException("broken", 503, null);
                    }))
        .isInstanceOf(StaleEpoch.class);
    assertThat(calls).hasValue(2);
  }

  @Test
  void noMoreBeginInASecondThanIsAllowedAlsoAfterARest() {
    var writes = new Writes(new Writes.Bounds(16, 100, PATIENCE));
    writes.send("the first, long ago", () -> 0);
    long begin = System.nanoTime();
    for (int i = 0; i < 30; i++) {
      writes.send("x", () -> 0);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(290));
  }

  @Test
  void aServerThatIsAskedTooMuchIsLeftAloneByAllForTheTimeThatItNames() throws Exception {
    var writes = new Writes(new Writes.Bounds(16, 100_000, PATIENCE));
    var calls = new AtomicInteger();
    long begin = System.nanoTime();
    String done =
        writes.send(
            "x",
            () -> {
              if (calls.getAndIncrement() == 0) {
                throw refusal(429, 1);
              }
              return "done";
            });
    assertThat(done).isEqualTo("done");
    assertThat(writes.pushedBack()).isEqualTo(1);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(900));

    var other = new AtomicInteger();
    long again = System.nanoTime();
    Thread pushed =
        Thread.ofVirtual()
            .start(
                () ->
                    writes.send(
                        "pushed back",
                        () -> {
                          if (other.getAndIncrement() == 0) {
                            throw refusal(429, 1);
                          }
                          return 0;
                        }));
    while (writes.pushedBack() < 2) {
      Thread.onSpinWait();
    }
    writes.send("somebody else", () -> 0);
    assertThat(Duration.ofNanos(System.nanoTime() - again)).isGreaterThan(Duration.ofMillis(900));
    pushed.join();
  }

  @Test
  void aServerThatIsAwayIsTriedAgainUntilThePatienceIsOver() {
    var writes = new Writes(new Writes.Bounds(16, 100_000, Duration.ofMillis(400)));
    var calls = new AtomicInteger();
    assertThat(
            writes.<String>send(
                "x",
                () -> {
                  if (calls.getAndIncrement() == 0) {
                    throw new KubernetesClientException(
                        "request", new IOException("Connection reset"));
                  }
                  return "done";
                }))
        .isEqualTo("done");
    assertThatThrownBy(
            () ->
                writes.send(
                    "the pod x",
                    () -> {
                      throw new KubernetesClientException(
                          "request", new IOException("Connection refused"));
                    }))
        .isInstanceOf(EngineUnavailable.class)
        .hasMessageContaining("the pod x")
        .hasMessageContaining("Connection refused");
  }

  @Test
  void aRefusalIsGivenAtOnce() {
    var writes = new Writes(new Writes.Bounds(16, 100_000, PATIENCE));
    var calls = new AtomicInteger();
    assertThatThrownBy(
            () ->
                writes.send(
                    "x",
                    () -> {
                      calls.incrementAndGet();
                      throw refusal(403, 0);
                    }))
        .isInstanceOf(KubernetesClientException.class);
    assertThat(calls).hasValue(1);
  }

  private static KubernetesClientException refusal(int code, int seconds) {
    Status status =
        new StatusBuilder()
            .withCode(code)
            .withMessage("no")
            .withNewDetails()
            .withRetryAfterSeconds(seconds)
            .endDetails()
            .build();
    return new KubernetesClientException("no", code, status);
  }
}
