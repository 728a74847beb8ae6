package dev.slipway.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.Epoch;
import dev.slipway.journal.DirectoryLock;
import dev.slipway.journal.Recovered;
import dev.slipway.journal.SqlJournal;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Leadership that is given up and taken anew, on a real journal.
class LeadershipTest {
  @TempDir Path data;
  private final Queue<Effect> effects = new ConcurrentLinkedQueue<>();
  private final Queue<String> deposed = new ConcurrentLinkedQueue<>();
  private DirectoryLock lock;
  private SqlJournal journal;
  private ControlLoop loop;
  private Epoch first;

  @BeforeEach
  void start() {
    lock = DirectoryLock.acquire(data);
    journal = SqlJournal.open(lock);
    Recovered recovered = journal.recover();
    first = journal.takeLeadership();
    loop =
        new ControlLoop(
            journal,
            new Published(recovered.state(), recovered.sequence()),
            new ControlLoop.Tenure(first, Mandate.unbounded(), new LoopClock()),
            new EventFeed(),
            new LoopCounters(),
            over -> deposed.add(over.message()));
    loop.start(effects::add);
    loop.tell(new Input.TakeLeadership(first, "platform"));
    put("/a");
  }

  @AfterEach
  void stop() {
    loop.close();
    journal.close();
    lock.close();
  }

  private void put(String id) {
    var change =
        new AppChange(
            PathId.of(id), current -> new AppChange.Result.Revised(SampleApps.sleeper(id)));
    Reply reply = loop.submit(new Input.ChangeApps(List.of(change), Input.Expectation.ANY, true));
    assertThat(reply).isInstanceOf(Reply.Deploying.class);
  }

  @Test
  void aHigherEpochIsRecordedAndWishesAreTakenUnderIt() {
    loop.renewLeadership();
    assertThat(loop.published().state().platform().epoch()).isEqualTo(first.next());
    assertThat(loop.published().state().platform().id()).isEqualTo("platform");
    put("/b");
    assertThat(journal.recover().epoch()).isEqualTo(first.next());
    assertThat(journal.recover().state()).isEqualTo(loop.published().state());
    assertThat(deposed).isEmpty();
  }

  @Test
  void tasksNoticeNothing() {
    var before = loop.published().state();
    effects.clear();
    loop.renewLeadership();
    var after = loop.published().state();
    assertThat(after.instances()).isEqualTo(before.instances());
    assertThat(after.deployments()).isEqualTo(before.deployments());
    assertThat(effects).noneMatch(effect -> effect instanceof Effect.Kill);
  }

  @Test
  void itCanBeDoneAgainAndByManyAtOnce() throws InterruptedException {
    var threads = new java.util.ArrayList<Thread>();
    for (int i = 0; i < 8; i++) {
      threads.add(Thread.ofVirtual().start(loop::renewLeadership));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Epoch now = loop.published().state().platform().epoch();
    assertThat(now).isGreaterThan(first);
    assertThat(journal.recover().epoch()).isEqualTo(now);
    loop.renewLeadership();
    assertThat(loop.published().state().platform().epoch()).isEqualTo(now.next());
    assertThat(deposed).isEmpty();
  }

  @Test
  void aJournalThatLostTheLeadershipEndsTheTerm() throws Exception {
    loop.close();
    Recovered recovered = journal.recover();
    Epoch lost = recovered.epoch().next();
    var over = new CompletableFuture<TermOver>();
    loop =
        new ControlLoop(
            journal,
            new Published(recovered.state(), recovered.sequence()),
            new ControlLoop.Tenure(lost, Mandate.unbounded(), new LoopClock()),
            new EventFeed(),
            new LoopCounters(),
            over::complete);
    loop.start(effects::add);
    loop.tell(new Input.TakeLeadership(lost, "platform"));
    assertThat(over.get(30, TimeUnit.SECONDS).cause()).isEqualTo(TermOver.Cause.HISTORY_LOST);
    assertThatThrownBy(() -> put("/b")).isInstanceOf(Unavailable.class);
    assertThat(journal.recover().sequence()).isEqualTo(recovered.sequence());
  }

  @Test
  void aLoopThatHasEndedSaysSo() {
    loop.close();
    assertThatThrownBy(loop::renewLeadership).isInstanceOf(Unavailable.class);
  }
}
