package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExecPlacesTest {
  private static final long COMMAND_NANOS = 100_000;

  private final ExecPlaces places = new ExecPlaces(ExecPlaces.IN_ONE_POD + 1);

  @Test
  void onePodTakesFewAndLeavesRoomToOthers() throws Exception {
    fill("busy", ExecPlaces.IN_ONE_POD);
    assertThat(places.enter("busy", now())).isFalse();
    assertThat(places.enter("idle", now())).isTrue();
    places.leave("busy");
    assertThat(places.enter("busy", now())).isTrue();
  }

  @Test
  void allTogetherTakeNoMoreThanThereAre() throws Exception {
    fill("first", ExecPlaces.IN_ONE_POD);
    fill("second", 1);
    assertThat(places.enter("third", now())).isFalse();
    places.leave("first");
    assertThat(places.enter("third", now())).isTrue();
  }

  @Test
  void whoFindsNoPlaceInAllKeepsNoneInItsPod() throws Exception {
    var few = new ExecPlaces(1);
    assertThat(few.enter("other", now())).isTrue();
    for (int i = 0; i < ExecPlaces.IN_ONE_POD; i++) {
      assertThat(few.enter("pod", now())).isFalse();
    }
    few.leave("other");
    assertThat(few.enter("pod", now())).isTrue();
  }

  @Test
  void whoWaitsIsLetInOnceAPlaceIsFree() throws Exception {
    fill("pod", ExecPlaces.IN_ONE_POD);
    var begun = new CompletableFuture<Thread>();
    var entered = new CompletableFuture<Boolean>();
    Thread.ofVirtual()
        .start(
            () -> {
              begun.complete(Thread.currentThread());
              entered.complete(enter("pod", Duration.ofSeconds(30)));
            });
    Thread waiting = begun.get(30, TimeUnit.SECONDS);
    while (waiting.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    assertThat(entered).isNotDone();
    places.leave("pod");
    assertThat(entered.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoIsInterruptedTakesNoPlace() throws Exception {
    fill("pod", ExecPlaces.IN_ONE_POD);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> places.enter("pod", now() + Duration.ofSeconds(30).toNanos()))
        .isInstanceOf(InterruptedException.class);
    for (int i = 0; i < ExecPlaces.IN_ONE_POD; i++) {
      places.leave("pod");
    }
    assertThatThrownBy(() -> places.leave("pod")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void manyWhoComeAndGoAreNeverTooManyInOnePod() throws Exception {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var wide = new ExecPlaces(100);
    Callable<Boolean> command =
        () -> {
          boolean entered = wide.enter("pod", now() + Duration.ofSeconds(30).toNanos());
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          LockSupport.parkNanos(COMMAND_NANOS);
          inside.decrementAndGet();
          wide.leave("pod");
          return entered;
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> done : threads.invokeAll(Collections.nCopies(1_000, command))) {
        assertThat(done.get()).isTrue();
      }
    }
    assertThat(most.get()).isPositive().isLessThanOrEqualTo(ExecPlaces.IN_ONE_POD);
    assertThatThrownBy(() -> wide.leave("pod")).isInstanceOf(IllegalStateException.class);
  }

  private void fill(String pod, int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      assertThat(places.enter(pod, now())).isTrue();
    }
  }

  private boolean enter(String pod, Duration patience) {
    try {
      return places.enter(pod, now() + patience.toNanos());
    } catch (InterruptedException stopped) {
      return false;
    }
  }

  private static long now() {
    return System.nanoTime();
  }
}
