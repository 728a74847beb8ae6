package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.EngineUnavailable;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Fenced;
import dev.slipway.core.engine.ForeignPlatform;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.engine.kubernetes.FenceLease.Kept;
import dev.slipway.engine.kubernetes.FenceLease.Version;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Whose orders the namespace takes: the highest epoch that ever gave one, and the platform, kept
/// beside the pods in a Lease object. Whoever comes with a lower epoch is refused, also after this
/// process ended, and whoever is of another platform.
///
/// A higher epoch is written before its first order is carried out, by comparing the version that
/// was read, so that of two that rise at once one finds the other. After that each write needs a
/// reading of the Lease that began a moment ago ({@link FreshReadings}): a server that stood still
/// while another took over is refused at its first order. The moment that is left between a reading
/// and its order is covered by what orders are: ends are facts that each leadership repeats, and a
/// task's pod has a name that is used once
/// ({@link Tombstones}).
final class Fence {
  private static final int ATTEMPTS = 5;

  private final FenceLease lease;
  private final Writes writes;
  private final FreshReadings<Kept> readings;
  private final String holder;

  // Of those that rise at once in this process, the others find it done.
  private final ReentrantLock rising = new ReentrantLock();
  private final AtomicReference<Claim> claim =
      new AtomicReference<>(
          new Claim(new Epoch(0), new Epoch(0), Optional.empty(), Optional.empty()));

  /// What this engine knows.
  ///
  /// @param highest the highest epoch that it saw
  /// @param working the epoch of its own orders; 0 before the first
  /// @param platform whose they are, once it was claimed
  /// @param risen when it took over from another epoch (`System.nanoTime()`)
  private record Claim(
      Epoch highest, Epoch working, Optional<String> platform, Optional<Long> risen) {
    Claim seen(Epoch epoch) {
      return epoch.compareTo(highest) > 0 ? new Claim(epoch, working, platform, risen) : this;
    }

    /// Works under this epoch, unless a higher one was seen.
    Claim under(Epoch epoch) {
      if (epoch.compareTo(highest) < 0 || epoch.equals(working)) {
        return this;
      }
      Optional<Long> since = highest.value() == 0 ? risen : Optional.of(System.nanoTime());
      return new Claim(epoch, epoch, platform, since);
    }

    Claim of(String owner) {
      return new Claim(highest, working, Optional.of(owner), risen);
    }
  }

  /// @param writes for the Lease alone, which wait for nobody's admission
  /// @param limits how fresh a reading has to be, and how long one is waited for
  Fence(FenceLease lease, Writes writes, KubernetesLimits limits) {
    this.lease = lease;
    this.writes = writes;
    this.readings =
        new FreshReadings<>(
            "the lease '" + FenceLease.NAME + "' of " + place(),
            () -> lease.read().kept(),
            limits.fenceFreshness(),
            limits.writePatience());
    // As leases of others have it: where it runs, and what tells it from others there.
    this.holder =
        Optional.ofNullable(System.getenv("HOSTNAME")).orElse("slipway") + "_" + UUID.randomUUID();
  }

  /// Reads what is kept.
  ///
  /// @throws KubernetesClientException when it cannot be read
  void read() {
    saw(lease.read().kept().epoch());
  }

  /// What is kept now, and how many tasks there are.
  ///
  /// @throws EngineUnavailable when it cannot be read
  Fenced fenced() {
    try {
      Kept kept = lease.read().kept();
      saw(kept.epoch());
      return fenced(kept);
    } catch (KubernetesClientException failure) {
      throw new EngineUnavailable(
          "the lease of " + place() + " cannot be read: " + Failures.line(failure), failure);
    }
  }

  private Fenced fenced(Kept kept) {
    return new Fenced(
        kept.epoch(),
        kept.platform(),
        lease.living(Fenced.MOST_COUNTED),
        place(),
        "run 'kubectl --namespace %s annotate lease %s %s-'"
            .formatted(lease.namespace(), FenceLease.NAME, Names.PLATFORM),
        "have 'kubectl --namespace %s create --filename -' read '%s'"
            .formatted(lease.namespace(), lease.of(Fenced.PLATFORM)));
  }

  private Claim known() {
    return Objects.requireNonNull(claim.get());
  }

  private String place() {
    return "the namespace '" + lease.namespace() + "'";
  }

  /// Makes the namespace one platform's.
  ///
  /// @throws ForeignPlatform when it is another's
  /// @throws StaleEpoch when a higher epoch was seen
  /// @throws EngineUnavailable when the claim cannot be kept
  void claim(String platform, Epoch epoch) {
    rising.lock();
    try {
      attempt(() -> claimOnce(platform, epoch));
      claim.updateAndGet(known -> known.under(epoch).of(platform));
    } finally {
      rising.unlock();
    }
  }

  private boolean claimOnce(String platform, Epoch epoch) {
    long began = System.nanoTime();
    Version version = lease.read();
    Kept kept = version.kept();
    saw(kept.epoch());
    if (kept.platform().isPresent() && !kept.platform().get().equals(platform)) {
      fenced(kept).check(platform);
    }
    if (kept.epoch().compareTo(epoch) > 0) {
      throw new StaleEpoch(epoch, kept.epoch());
    }
    checkHolder(kept, epoch);
    var next = new Kept(epoch, Optional.of(platform), Optional.of(holder));
    boolean written = kept.equals(next) || lease.write(version, next);
    if (written) {
      readings.found(next, began);
    }
    return written;
  }

  /// An epoch is given out once by one journal; two journals may give the same one out.
  private void checkHolder(Kept kept, Epoch epoch) {
    boolean twin = kept.holder().isPresent() && !kept.holder().get().equals(holder);
    if (twin && kept.epoch().equals(epoch)) {
      throw new ForeignPlatform(
          ("%s was claimed for epoch %d of the platform %s by another server (%s). Two servers with"
                  + " the same epoch have two journals: one is a copy of the other. Stop the server"
                  + " that uses the wrong one")
              .formatted(place(), epoch.value(), kept.platform().orElse("?"), kept.holder().get()));
    }
  }

  /// Lets an order pass.
  ///
  /// @throws StaleEpoch when a higher one was seen
  /// @throws ForeignPlatform when the namespace is another platform's by now
  /// @throws EngineUnavailable when a higher one than was known cannot be kept, or what is kept
  ///     cannot be read
  void admit(Epoch epoch) {
    if (epoch.compareTo(known().working()) > 0) {
      raise(epoch);
    }
    if (epoch.compareTo(known().highest()) < 0) {
      throw new StaleEpoch(epoch, known().highest());
    }
    pass();
  }

  /// Lets a write pass that belongs to what was ordered: the order may have waited since.
  ///
  /// @throws StaleEpoch when a higher epoch than that of the orders was seen
  /// @throws ForeignPlatform when the namespace is another platform's by now
  /// @throws EngineUnavailable when it cannot be read what is kept
  void pass() {
    Claim mine = known();
    if (mine.working().value() == 0) {
      return;
    }
    Kept kept = readings.fresh();
    saw(kept.epoch());
    if (kept.epoch().compareTo(mine.working()) > 0) {
      throw new StaleEpoch(mine.working(), kept.epoch());
    }
    if (mine.platform().isPresent() && !kept.platform().equals(mine.platform())) {
      throw new ForeignPlatform(
          "%s %s, and not to %s any more: nothing is ordered"
              .formatted(
                  place(),
                  kept.platform()
                      .map(other -> "belongs to the platform " + other)
                      .orElse("was given up and belongs to nobody"),
                  mine.platform().get()));
    }
    if (mine.platform().isPresent()) {
      checkHolder(kept, mine.working());
    }
  }

  /// Whether another epoch gave orders so short a time ago.
  boolean hasRisenWithin(Duration time) {
    return known().risen().filter(risen -> System.nanoTime() - risen < time.toNanos()).isPresent();
  }

  /// How often the Lease was read for orders.
  long readings() {
    return readings.begun();
  }

  private void raise(Epoch epoch) {
    rising.lock();
    try {
      attempt(() -> raiseOnce(epoch));
      claim.updateAndGet(known -> known.under(epoch));
    } finally {
      rising.unlock();
    }
  }

  /// Leaves what is there where it is as high.
  private boolean raiseOnce(Epoch epoch) {
    long began = System.nanoTime();
    Version version = lease.read();
    saw(version.kept().epoch());
    if (version.kept().epoch().compareTo(epoch) >= 0) {
      readings.found(version.kept(), began);
      return true;
    }
    Kept next = version.kept().with(epoch);
    boolean written = lease.write(version, next);
    if (written) {
      readings.found(next, began);
    }
    return written;
  }

  /// Whoever lost a race finds out when it reads again.
  private void attempt(BooleanSupplier once) {
    String what = "the lease of " + place();
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (writes.send(what, once::getAsBoolean)) {
          return;
        }
      }
    } catch (KubernetesClientException refused) {
      throw new EngineUnavailable(what + " cannot be written: " + Failures.line(refused), refused);
    }
    throw new EngineUnavailable(
        what + " is changed by others all the time",
        new IllegalStateException("compared " + ATTEMPTS + " times"));
  }

  private void saw(Epoch epoch) {
    claim.updateAndGet(known -> known.seen(epoch));
  }
}
