package dev.slipway.core.rebalancing;

import dev.slipway.core.app.Resources;
import dev.slipway.core.placement.Strain;
import dev.slipway.core.placement.Whereabouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Finds what to move. Pure and deterministic: the same situation gives the same plan.
///
/// Two things are worth moving for, and no plan makes the first worse for the sake of the second:
///
/// 1. Rules that are broken where instances stand, then preferences that can be met ({@link
///    Mending}). A preference opens no node that is free.
/// 2. Nodes that can be emptied ({@link Emptying}): all that stands there fits onto nodes that are
///    in use anyway, without any app's rules being further from met, or two instances of an app
///    brought together that stood apart.
///
/// So each move lowers one potential: rules broken, then preferences unmet, then nodes in use; all
/// three are numbers that cannot fall for ever. What was moved rests for a while on top of that,
/// which keeps moves few where others undo them.
public final class Rebalancer {
  private Rebalancer() {}

  /// @param minimumGain which part of what all ready nodes offer has to be freed as whole nodes; a
  ///     plan that is cut off at its limits pays whatever it frees, since more follows
  public static Plan plan(Situation situation, double minimumGain) {
    var trial = new Trial(situation);
    List<Move> mending = Mending.plan(situation, trial);
    Strain mended = mended(situation, trial);
    var emptying = Emptying.plan(situation, trial, Plan.MOST_MOVES - mending.size());
    boolean pays = emptying.cut() || emptying.freed() >= minimumGain;
    List<Move> moves = new ArrayList<>(mending);
    if (pays) {
      moves.addAll(emptying.moves());
    }
    int nodesFreed = pays ? emptying.nodes() : 0;
    return new Plan(
        moves,
        nodesFreed,
        pays ? emptying.freed() : 0,
        mended,
        moved(situation, moves),
        emptying.cut(),
        summary(mending, mended, emptying, pays, minimumGain));
  }

  private static Strain mended(Situation situation, Trial trial) {
    Strain before = Strain.NONE;
    Strain after = Strain.NONE;
    var first =
        Whereabouts.of(
            situation.nodes(), situation.apps().values(), app -> situation.of(app).values());
    for (var app : situation.apps().keySet()) {
      before = before.plus(first.strain(app));
      after = after.plus(trial.whereabouts().strain(app));
    }
    return before.minus(after);
  }

  private static Resources moved(Situation situation, List<Move> moves) {
    Resources sum = Resources.NONE;
    for (Move move : moves) {
      var instance = situation.of(move.instance().app()).get(move.instance());
      if (instance != null && instance.place().isPresent()) {
        sum = sum.plus(instance.place().get().resources());
      }
    }
    return sum;
  }

  private static String summary(
      List<Move> mending, Strain mended, Emptying emptying, boolean pays, double minimumGain) {
    List<String> said = new ArrayList<>();
    if (!mending.isEmpty()) {
      said.add("%s where rules are broken or preferences unmet".formatted(moves(mending.size())));
    }
    if (mended.required() > 0) {
      said.add("rules hold for %d instances more".formatted(mended.required()));
    }
    if (emptying.nodes() == 0) {
      said.add("no node can be emptied onto those in use");
    } else if (pays) {
      said.add(
          "%s empty %s, %s of all that the ready nodes offer"
              .formatted(
                  moves(emptying.moves().size()), nodes(emptying.nodes()), part(emptying.freed())));
    } else {
      said.add(
          "not worth it: %s would empty %s, %s of all that the ready nodes offer, less than the"
                  .formatted(
                      moves(emptying.moves().size()),
                      nodes(emptying.nodes()),
                      part(emptying.freed()))
              + " minimumGain of "
              + part(minimumGain));
    }
    return String.join("; ", said);
  }

  private static String moves(int count) {
    return count == 1 ? "1 move" : count + " moves";
  }

  private static String nodes(int count) {
    return count == 1 ? "1 node" : count + " nodes";
  }

  private static String part(double share) {
    return String.format(Locale.ROOT, "%.3f", share);
  }
}
