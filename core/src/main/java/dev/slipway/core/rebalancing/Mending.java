package dev.slipway.core.rebalancing;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.Strain;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Moves that leave less wrong: uneven spreads, apps torn apart or together, preferences that can
/// be met again. The apps with most amiss come first, and of each the instances whose absence helps
/// most.
final class Mending {
  /// Instances of an app of which a move is tried out before it is left as it is.
  private static final int MOST_TRIED = 20;

  private record Candidate(Instance instance, Strain relief) {}

  private final Situation situation;
  private final Trial trial;
  private final List<Move> moves = new ArrayList<>();
  private int looks;

  private Mending(Situation situation, Trial trial) {
    this.situation = situation;
    this.trial = trial;
  }

  static List<Move> plan(Situation situation, Trial trial) {
    var mending = new Mending(situation, trial);
    Map<PathId, Strain> strains = new HashMap<>();
    List<PathId> amiss = new ArrayList<>();
    for (PathId app : situation.apps().keySet()) {
      Strain strain = trial.whereabouts().strain(app);
      if (strain.compareTo(Strain.NONE) > 0) {
        strains.put(app, strain);
        amiss.add(app);
      }
    }
    amiss.sort(
        Comparator.comparing((PathId app) -> strains.getOrDefault(app, Strain.NONE))
            .reversed()
            .thenComparing(Comparator.naturalOrder()));
    for (PathId app : amiss) {
      AppSpec spec = situation.apps().get(app);
      while (spec != null && mending.isWithinLimits() && mending.mendOne(spec)) {
        // One after the other: each changes what is amiss.
      }
    }
    return mending.moves;
  }

  private boolean isWithinLimits() {
    return moves.size() < Plan.MOST_MOVES
        && trial.trials() < Plan.MOST_TRIALS
        && looks < Plan.MOST_LOOKS;
  }

  private boolean mendOne(AppSpec spec) {
    List<Candidate> candidates = candidates(spec.id());
    for (Candidate candidate : candidates.subList(0, Math.min(MOST_TRIED, candidates.size()))) {
      if (move(spec, candidate.instance())) {
        return true;
      }
    }
    return false;
  }

  private List<Candidate> candidates(PathId app) {
    List<Candidate> candidates = new ArrayList<>();
    for (Instance instance : trial.of(app).values()) {
      if (looks++ >= Plan.MOST_LOOKS) {
        break;
      }
      if (trial.isNew(instance.id()) || !situation.movable().test(instance)) {
        continue;
      }
      Strain relief = trial.relief(instance);
      if (relief.compareTo(Strain.NONE) > 0) {
        candidates.add(new Candidate(instance, relief));
      }
    }
    candidates.sort(
        Comparator.comparing(Candidate::relief)
            .reversed()
            .thenComparing(one -> one.instance().id()));
    return candidates;
  }

  private boolean move(AppSpec spec, Instance instance) {
    NodeId from = instance.place().orElseThrow().node();
    Map<String, Integer> before = trial.whereabouts().broken(spec.id());
    trial.close(from);
    Optional<Trial.Tried> made = trial.move(instance, spec, this::isWorth);
    trial.open(from);
    made.ifPresent(
        tried -> {
          boolean rule = tried.after().required() < tried.before().required();
          String mended = mended(before, trial.whereabouts().broken(spec.id()));
          moves.add(
              new Move(
                  instance.id(),
                  from,
                  tried.to(),
                  rule ? Move.Cause.MEND_RULE : Move.Cause.MEET_PREFERENCE,
                  (rule ? "mends " : "meets ") + mended,
                  0));
        });
    return made.isPresent();
  }

  /// A preference is no reason to have one node more in use.
  private boolean isWorth(Trial.Tried tried) {
    boolean rule = tried.after().required() < tried.before().required();
    NodeRecord to = trial.nodes().byId().get(tried.to());
    boolean opens = to == null || Emptying.standing(situation, to) == 0;
    return tried.after().compareTo(tried.before()) < 0 && (rule || !opens);
  }

  /// The rule that is broken fewer times than before.
  private static String mended(Map<String, Integer> before, Map<String, Integer> after) {
    for (var rule : before.entrySet()) {
      if (after.getOrDefault(rule.getKey(), 0) < rule.getValue()) {
        return rule.getKey();
      }
    }
    return "a rule of another app";
  }
}
