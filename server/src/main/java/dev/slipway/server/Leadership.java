package dev.slipway.server;

import dev.slipway.core.app.App;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.health.HealthRecord;
import dev.slipway.core.health.InstanceHealth;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.State;
import dev.slipway.server.control.Published;
import dev.slipway.server.control.Unavailable;
import dev.slipway.server.probe.CheckBreaker;
import dev.slipway.server.probe.CheckResult;
import dev.slipway.server.probe.HealthView;
import dev.slipway.server.probe.ReadinessResult;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// The term that goes on now, if there is one, for all that outlives terms: each request asks anew.
/// Without a term, what is read is what a standby keeps warm.
///
/// A term that was suspended is shown on until it is replaced: what its engine and its checks see
/// is newer than what is recorded.
final class Leadership {
  /// @param acting the term that decides
  /// @param shown the term that engine and checks are asked of: the acting one, or a suspended one
  private record Terms(Optional<Term> acting, Optional<Term> shown) {
    static final Terms NONE = new Terms(Optional.empty(), Optional.empty());
  }

  private volatile Supplier<Published> warm;
  private volatile Terms terms = Terms.NONE;

  /// @param warm what is known while there is no term
  Leadership(Supplier<Published> warm) {
    this.warm = warm;
  }

  /// From now on that is what is known while there is no term.
  void follow(Supplier<Published> followed) {
    warm = followed;
  }

  Optional<Term> term() {
    return terms.acting();
  }

  /// The one that goes on, or went on until the database was lost.
  Optional<Term> shown() {
    return terms.shown();
  }

  void enter(Term begun) {
    terms = new Terms(Optional.of(begun), Optional.of(begun));
  }

  /// The term decides no more, and is shown on.
  void suspend() {
    terms = new Terms(Optional.empty(), terms.shown());
  }

  void leave() {
    terms = Terms.NONE;
  }

  /// The term, for what needs one.
  ///
  /// @throws Unavailable when this server does not lead
  Term required() {
    return term().orElseThrow(() -> new Unavailable("this server does not lead now; try again"));
  }

  Published published() {
    return term().map(leading -> leading.loop().published()).orElseGet(warm);
  }

  Engine engine() {
    return shown()
        .map(term -> term.parts().engine())
        .orElseThrow(() -> new Unavailable("this server does not lead now; try again"));
  }

  /// Of the present leadership, for what is written beside the events.
  Epoch epoch() {
    return required().loop().epoch();
  }

  /// The time by which decisions are made, or would be.
  Instant now() {
    return term()
        .map(leading -> leading.clock().now())
        .orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  /// What the checks of the term know; without one what is recorded of health.
  HealthView health() {
    return new Health();
  }

  private final class Health implements HealthView {
    @Override
    public Optional<List<HealthRecord>> of(InstanceId instance) {
      return terms.shown().isPresent() ? asked(known -> known.of(instance)) : recorded(instance);
    }

    @Override
    public Optional<ReadinessResult> readiness(InstanceId instance) {
      return asked(known -> known.readiness(instance));
    }

    @Override
    public Optional<CheckResult> check(InstanceId instance) {
      return asked(known -> known.check(instance));
    }

    @Override
    public Optional<CheckBreaker.Alarm> alarm() {
      return asked(HealthView::alarm);
    }

    private <T> Optional<T> asked(Function<HealthView, Optional<T>> question) {
      return shown().map(Term::prober).flatMap(question);
    }

    private Optional<List<HealthRecord>> recorded(InstanceId id) {
      State state = published().state();
      Optional<Instance> instance = state.instance(id);
      return instance
          .flatMap(known -> state.app(known.app(), known.version()))
          .map(App::spec)
          .filter(spec -> !spec.healthChecks().isEmpty())
          .map(
              spec ->
                  InstanceHealth.recovered(
                          spec.healthChecks().size(), instance.get().health(), now())
                      .checks());
    }
  }
}
