package dev.slipway.server.api;

import dev.slipway.core.app.Timestamps;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.rebalancing.Move;
import dev.slipway.core.rebalancing.Plan;
import dev.slipway.core.rebalancing.Rebalancing;
import dev.slipway.core.rebalancing.Run;
import dev.slipway.core.rebalancing.UnderWay;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What moving instances together is about, as the API shows it.
///
/// @param state `idle` before the first one, `moving`, `stopping` or `ended`
/// @param done how many moves were made
/// @param givenUp how many were not
/// @param outcomes what became of the last moves, oldest first
/// @param endedBecause why it is over
record RebalanceText(
    String state,
    boolean automatic,
    Optional<String> startedAt,
    String summary,
    List<MoveText> planned,
    List<UnderWayText> moving,
    int done,
    int givenUp,
    List<OutcomeText> outcomes,
    Optional<String> endedAt,
    Optional<String> endedBecause) {

  /// @param gain which part of what all ready nodes offer it helps to free
  record MoveText(
      String instance, String app, String from, String to, String cause, String why, double gain) {
    static MoveText of(Move move) {
      return new MoveText(
          move.instance().value(),
          move.instance().app().toString(),
          move.from().value(),
          move.to().value(),
          move.cause().name().toLowerCase(Locale.ROOT),
          move.why(),
          move.gain());
    }
  }

  record UnderWayText(MoveText move, String since, Optional<String> replacement) {
    static UnderWayText of(UnderWay one) {
      return new UnderWayText(
          MoveText.of(one.move()),
          Timestamps.format(one.since()),
          one.replacement().map(InstanceId::value));
    }
  }

  record OutcomeText(MoveText move, boolean done, String reason, String at) {
    static OutcomeText of(Run.Outcome one) {
      return new OutcomeText(
          MoveText.of(one.move()), one.done(), one.reason(), Timestamps.format(one.at()));
    }
  }

  /// What would be moved.
  ///
  /// @param freed which part of what all ready nodes offer becomes free as whole nodes
  /// @param rulesMended for how many instances a rule holds that is broken now
  /// @param preferencesMet the weights of preferences that are met then and are not now
  /// @param moved what the moved instances have of their nodes
  record PlanText(
      String summary,
      int nodesFreed,
      double freed,
      int rulesMended,
      int preferencesMet,
      Amounts moved,
      List<MoveText> moves) {
    static PlanText of(Plan plan) {
      return new PlanText(
          plan.summary(),
          plan.nodesFreed(),
          plan.freed(),
          plan.mended().required(),
          plan.mended().preferred(),
          Amounts.of(plan.moved()),
          plan.moves().stream().map(MoveText::of).toList());
    }
  }

  static RebalanceText of(Rebalancing rebalancing) {
    List<UnderWayText> moving = new ArrayList<>();
    rebalancing.moving().values().forEach(one -> moving.add(UnderWayText.of(one)));
    if (rebalancing.run().isEmpty()) {
      return new RebalanceText(
          "idle",
          false,
          Optional.empty(),
          "",
          List.of(),
          moving,
          0,
          0,
          List.of(),
          Optional.empty(),
          Optional.empty());
    }
    Run run = rebalancing.run().get();
    String going = run.stopping() ? "stopping" : "moving";
    return new RebalanceText(
        run.isGoingOn() ? going : "ended",
        run.automatic(),
        Optional.of(Timestamps.format(run.startedAt())),
        run.summary(),
        run.planned().stream().map(MoveText::of).toList(),
        moving,
        run.done(),
        run.givenUp(),
        run.outcomes().stream().map(OutcomeText::of).toList(),
        run.ending().map(end -> Timestamps.format(end.at())),
        run.ending().map(Run.Ending::reason));
  }
}
