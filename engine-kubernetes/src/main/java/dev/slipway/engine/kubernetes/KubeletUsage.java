package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.UsageSample;
import dev.slipway.core.node.NodeId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the kubelets now and then what tasks use, so many at once, and tells what they say.
///
/// One that does not answer is asked less and less often, and one line in the log says why and how
/// to mend it, for all kubelets together: what tasks use is good to know, and nothing depends on
/// it.
final class KubeletUsage implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KubeletUsage.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
  private static final int MOST_DOUBLINGS = 10;

  /// @param failures in a row
  /// @param next the number of the round that asks again
  private record Trouble(int failures, long next) {}

  private final KubernetesLimits limits;
  private final KubeletClient client;
  private final KubeletSummary summary;
  private final Supplier<List<Kubelet>> kubelets;
  private final Consumer<List<UsageSample>> listener;
  private final Semaphore slots;
  private final Map<NodeId, Trouble> troubles = new ConcurrentHashMap<>();
  // What was said already, until a round goes well.
  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private final Thread thread;

  KubeletUsage(
      KubernetesLimits limits,
      KubeletClient client,
      KubeletSummary summary,
      Supplier<List<Kubelet>> kubelets,
      Consumer<List<UsageSample>> listener) {
    this.limits = limits;
    this.client = client;
    this.summary = summary;
    this.kubelets = kubelets;
    this.listener = listener;
    this.slots = new Semaphore(limits.kubeletsAtOnce());
    this.thread = Thread.ofVirtual().name("kubernetes-usage").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      for (long round = 0; !Thread.currentThread().isInterrupted(); round++) {
        List<UsageSample> samples = measure(round);
        if (!samples.isEmpty()) {
          listener.accept(samples);
        }
        Thread.sleep(limits.usageInterval());
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /// One round: all kubelets that are to be asked now.
  List<UsageSample> measure(long round) throws InterruptedException {
    List<Kubelet> all = kubelets.get();
    troubles.keySet().retainAll(all.stream().map(Kubelet::node).toList());
    List<Kubelet> due = all.stream().filter(kubelet -> isDue(kubelet, round)).toList();
    var samples = new ConcurrentLinkedQueue<UsageSample>();
    var done = new CountDownLatch(due.size());
    List<Thread> asking = new ArrayList<>();
    for (Kubelet kubelet : due) {
      asking.add(
          Thread.ofVirtual()
              .name("kubernetes-usage-" + kubelet.node())
              .start(() -> ask(kubelet, round, samples, done)));
    }
    try {
      // Each has a deadline of its own; the rounds of those that wait for a slot add up.
      long rounds = due.size() / limits.kubeletsAtOnce() + 2L;
      if (!done.await(limits.requestPatience().toMillis() * 2 * rounds, TimeUnit.MILLISECONDS)) {
        log.warn("kubernetes.usage.slow kubelets={}", done.getCount());
      }
    } finally {
      asking.forEach(Thread::interrupt);
    }
    if (troubles.isEmpty()) {
      said.clear();
    }
    return List.copyOf(samples);
  }

  private boolean isDue(Kubelet kubelet, long round) {
    Trouble trouble = troubles.get(kubelet.node());
    return trouble == null || round >= trouble.next();
  }

  private void ask(
      Kubelet kubelet,
      long round,
      ConcurrentLinkedQueue<UsageSample> samples,
      CountDownLatch done) {
    try {
      slots.acquire();
      try {
        samples.addAll(summary.read(client.summary(kubelet)));
        troubles.remove(kubelet.node());
      } finally {
        slots.release();
      }
    } catch (IOException failure) {
      troubles.merge(kubelet.node(), later(0, round), (old, _) -> later(old.failures(), round));
      tell(kubelet, failure);
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } finally {
      done.countDown();
    }
  }

  /// Twice as late each time.
  private Trouble later(int failures, long round) {
    long most = Math.max(1, LONGEST_PAUSE.dividedBy(limits.usageInterval()));
    long rounds = 1L << Math.min(failures, MOST_DOUBLINGS);
    return new Trouble(failures + 1, round + 1 + Math.min(rounds, most));
  }

  private void tell(Kubelet kubelet, IOException failure) {
    boolean untrusted = failure instanceof SSLException;
    boolean refused = failure instanceof KubeletClient.Refused;
    String mend =
        untrusted
            ? "have the cluster sign the kubelets' certificates (serverTLSBootstrap), or start with"
                + " --kubernetes-usage insecure or off"
            : refused
                ? "grant get on nodes/stats: slipway kubernetes manifest | kubectl apply -f -"
                : "let this server reach port " + kubelet.port() + " of the nodes";
    if (said.add(mend)) {
      log.warn(
          "kubernetes.usage.failed node={} cause=\"{}\" mend=\"{}\"",
          kubelet.node(),
          failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage(),
          mend);
    }
  }

  /// In how many rounds each troubled kubelet is asked again.
  Map<NodeId, Long> waits(long round) {
    Map<NodeId, Long> waits = new HashMap<>();
    troubles.forEach((node, trouble) -> waits.put(node, trouble.next() - round));
    return waits;
  }

  @Override
  public void close() {
    thread.interrupt();
    client.close();
  }
}
