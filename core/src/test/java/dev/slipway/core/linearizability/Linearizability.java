package dev.slipway.core.linearizability;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Looks for an order of operations in which each happens at once at a moment between its call and
/// its answer, so that each client was told what then was so (Herlihy and Wing, 1990). Keys are
/// looked at one by one, which is enough.
///
/// The search is Wing and Gong's (1993): it tries those as the next that were called before any
/// other one was answered, and goes back when none fits; after Lowe (2017) it never tries the same
/// operations and value twice. What is not known to have happened may be left out; each of those
/// may double what it costs to find that there is no order, so that tens of them are too many.
public final class Linearizability {
  /// After so many tries for one key nothing is said.
  public static final int MOST_TRIES = 5_000_000;

  private final List<Operation> operations;
  private final Set<Reached> tried = new HashSet<>();
  private BitSet longest = new BitSet();

  /// @param done the operations that have happened
  /// @param value what is there after them
  private record Reached(BitSet done, Optional<String> value) {}

  private Linearizability(List<Operation> operations) {
    Set<Optional<String>> shown = new HashSet<>();
    boolean conflicts = false;
    for (Operation operation : operations) {
      if (operation.isAnswered()) {
        operation.action().shown().ifPresent(shown::add);
        conflicts |= operation.action() instanceof Operation.Conflict;
      }
    }
    boolean anyMatters = conflicts;
    this.operations =
        operations.stream()
            .filter(one -> one.isAnswered() || matters(one.action(), shown, anyMatters))
            .sorted(Comparator.comparingLong(Operation::invoked))
            .toList();
  }

  /// Of what may not have happened, only what would leave something behind that others were shown,
  /// or that stood in the way of another; the rest may as well be left out.
  private static boolean matters(
      Operation.Action action, Set<Optional<String>> shown, boolean conflicts) {
    return switch (action) {
      case Operation.Write(var value) -> conflicts || shown.contains(value);
      case Operation.Replace(_, var value) -> conflicts || shown.contains(value);
      case Operation.Conflict _, Operation.Read _ -> false;
    };
  }

  /// Why there is no such order, if there is none; all keys begin with nothing.
  ///
  /// @throws IllegalStateException when it takes too many tries to tell
  public static Optional<String> violation(List<Operation> history) {
    Map<String, List<Operation>> byKey = new TreeMap<>();
    for (Operation operation : history) {
      byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
    }
    for (var one : byKey.entrySet()) {
      var search = new Linearizability(one.getValue());
      if (!search.succeeds()) {
        return Optional.of(search.explain(one.getKey()));
      }
    }
    return Optional.empty();
  }

  private boolean succeeds() {
    Deque<Reached> open = new ArrayDeque<>();
    open.push(new Reached(new BitSet(), Optional.empty()));
    while (!open.isEmpty()) {
      Reached reached = open.pop();
      if (!tried.add(reached)) {
        continue;
      }
      if (tried.size() > MOST_TRIES) {
        throw new IllegalStateException("more than " + MOST_TRIES + " tries: use fewer at a time");
      }
      if (reached.done().cardinality() > longest.cardinality()) {
        longest = reached.done();
      }
      if (firstAnswer(reached.done()) == Operation.NEVER) {
        return true;
      }
      for (int next : candidates(reached.done()).reversed()) {
        operations
            .get(next)
            .action()
            .from(reached.value())
            .ifPresent(value -> open.push(new Reached(with(reached.done(), next), value)));
      }
    }
    return false;
  }

  /// Those that were called before any that is left was answered, in the order of their calls.
  private List<Integer> candidates(BitSet done) {
    long limit = firstAnswer(done);
    List<Integer> candidates = new ArrayList<>();
    for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
      if (operations.get(i).invoked() > limit) {
        break;
      }
      candidates.add(i);
    }
    return candidates;
  }

  private long firstAnswer(BitSet done) {
    long first = Operation.NEVER;
    for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
      if (operations.get(i).invoked() > first) {
        break;
      }
      if (operations.get(i).isAnswered()) {
        first = Math.min(first, operations.get(i).returned());
      }
    }
    return first;
  }

  private static BitSet with(BitSet done, int next) {
    var more = (BitSet) done.clone();
    more.set(next);
    return more;
  }

  private String explain(String key) {
    var text = new StringBuilder();
    text.append(
        "%s: %d of %d operations can be put in order, then none of these can be the next:"
            .formatted(key, longest.cardinality(), operations.size()));
    candidates(longest).forEach(next -> text.append("\n  ").append(operations.get(next)));
    return text.toString();
  }
}
