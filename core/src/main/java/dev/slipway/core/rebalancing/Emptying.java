package dev.slipway.core.rebalancing;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Moves that empty nodes, those first of which the least has to be moved for what becomes free.
/// Instances go to nodes that are in use anyway, and stay in use.
///
/// @param nodes how many become free
/// @param freed which part that is of what all ready nodes offer
/// @param cut whether a limit ended the search
record Emptying(List<Move> moves, int nodes, double freed, boolean cut) {
  /// A node that could be emptied, if its instances have room elsewhere.
  ///
  /// @param effort the part of its dominant resource that has to be moved
  /// @param share which part of what all ready nodes offer it is
  private record Candidate(NodeId node, List<Instance> instances, double effort, double share) {}

  static Emptying plan(Situation situation, Trial trial, int mostMoves) {
    List<Candidate> candidates = candidates(situation, trial);
    closeUnused(situation, trial);
    List<Move> moves = new ArrayList<>();
    Set<NodeId> reached = new HashSet<>();
    int nodes = 0;
    int looked = 0;
    double freed = 0;
    boolean cut = false;
    for (Candidate candidate : candidates) {
      if (reached.contains(candidate.node())) {
        continue;
      }
      if (looked++ >= Plan.MOST_NODES
          || trial.trials() >= Plan.MOST_TRIALS
          || moves.size() + candidate.instances().size() > mostMoves) {
        cut = true;
        break;
      }
      List<Move> away = empty(situation, trial, candidate);
      if (!away.isEmpty()) {
        moves.addAll(away);
        away.forEach(move -> reached.add(move.to()));
        nodes++;
        freed += candidate.share();
      }
    }
    return new Emptying(moves, nodes, freed, cut && nodes > 0);
  }

  /// How many instances stand there, but for those of daemons.
  static int standing(Situation situation, NodeRecord record) {
    int count = 0;
    for (PathId app : record.instances().values()) {
      count += situation.isDaemon(app) ? 0 : 1;
    }
    return count;
  }

  private static void closeUnused(Situation situation, Trial trial) {
    List<NodeId> unused = new ArrayList<>();
    for (NodeRecord record : trial.nodes().byId().values()) {
      if (standing(situation, record) == 0) {
        unused.add(record.id());
      }
    }
    unused.forEach(trial::close);
  }

  /// The nodes all of whose instances may be moved, the cheapest first.
  private static List<Candidate> candidates(Situation situation, Trial trial) {
    Resources all = Resources.NONE;
    for (NodeRecord record : trial.nodes().byId().values()) {
      if (record.state() == NodeRecord.State.READY) {
        all = all.plus(record.offered());
      }
    }
    List<Candidate> candidates = new ArrayList<>();
    for (NodeRecord record : trial.nodes().byId().values()) {
      if (record.state() == NodeRecord.State.READY) {
        double share = share(record.offered(), all);
        movable(situation, trial, record)
            .map(list -> new Candidate(record.id(), list, effort(record, list), share))
            .ifPresent(candidates::add);
      }
    }
    candidates.sort(
        Comparator.comparingDouble(Candidate::effort)
            .thenComparingInt(one -> one.instances().size())
            .thenComparing(Candidate::node));
    return candidates;
  }

  /// All that has to leave the node, the largest first; nothing where that is nothing, or where
  /// something stays.
  private static Optional<List<Instance>> movable(
      Situation situation, Trial trial, NodeRecord record) {
    List<Instance> instances = new ArrayList<>();
    for (var placed : record.instances()) {
      if (situation.isDaemon(placed.getValue())) {
        continue;
      }
      PersistentMap<InstanceId, Instance> siblings = trial.of(placed.getValue());
      Instance instance = siblings.get(placed.getKey());
      if (instance == null
          || trial.isNew(instance.id())
          || !situation.movable().test(instance)
          || instances.size() >= Plan.MOST_MOVES) {
        return Optional.empty();
      }
      instances.add(instance);
    }
    instances.sort(
        Comparator.comparingDouble((Instance one) -> -effort(record, List.of(one)))
            .thenComparing(Instance::id));
    return instances.isEmpty() ? Optional.empty() : Optional.of(instances);
  }

  private static double effort(NodeRecord record, List<Instance> instances) {
    Resources sum = Resources.NONE;
    for (Instance instance : instances) {
      sum = sum.plus(instance.place().orElseThrow().resources());
    }
    Resources capacity = record.offered();
    double largest = part(sum.milliCpus(), capacity.milliCpus());
    largest = Math.max(largest, part(sum.memBytes(), capacity.memBytes()));
    largest = Math.max(largest, part(sum.diskBytes(), capacity.diskBytes()));
    return Math.max(largest, part(sum.milliGpus(), capacity.milliGpus()));
  }

  /// Of processors and memory together.
  private static double share(Resources capacity, Resources all) {
    return (part(capacity.milliCpus(), all.milliCpus()) + part(capacity.memBytes(), all.memBytes()))
        / 2;
  }

  private static double part(long amount, long whole) {
    return whole == 0 ? 0 : amount / (double) whole;
  }

  /// All of the node's instances, or none.
  private static List<Move> empty(Situation situation, Trial trial, Candidate candidate) {
    Trial.Mark mark = trial.mark();
    trial.close(candidate.node());
    List<Move> moves = new ArrayList<>();
    double gain = candidate.share() / candidate.instances().size();
    for (Instance instance : candidate.instances()) {
      AppSpec spec = situation.apps().get(instance.app());
      Optional<Trial.Tried> made =
          spec == null
              ? Optional.empty()
              : trial.move(instance, spec, tried -> isHarmless(trial, tried));
      if (made.isEmpty()) {
        trial.goBack(mark);
        return List.of();
      }
      moves.add(
          new Move(
              instance.id(),
              candidate.node(),
              made.get().to(),
              Move.Cause.EMPTY_NODE,
              "empties " + candidate.node(),
              gain));
    }
    return moves;
  }

  /// Whether no rule is further from met, and no more instances of the app stand together than
  /// before.
  private static boolean isHarmless(Trial trial, Trial.Tried tried) {
    PathId app = tried.left().app();
    int there = trial.whereabouts().on(tried.to(), app);
    // The one that left is counted here no more, the one that arrived is.
    int left = trial.whereabouts().on(tried.left().place().orElseThrow().node(), app) + 1;
    return tried.after().compareTo(tried.before()) <= 0 && there <= left;
  }
}
