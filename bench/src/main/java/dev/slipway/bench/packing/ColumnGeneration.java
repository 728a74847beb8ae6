package dev.slipway.bench.packing;

import com.google.ortools.Loader;
import com.google.ortools.linearsolver.MPConstraint;
import com.google.ortools.linearsolver.MPSolver;
import com.google.ortools.linearsolver.MPSolver.ResultStatus;
import com.google.ortools.linearsolver.MPSolverParameters;
import com.google.ortools.linearsolver.MPSolverParameters.DoubleParam;
import com.google.ortools.linearsolver.MPVariable;
import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.Task;
import dev.slipway.bench.scheduling.Task.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// A lower bound for the machines of a fleet, after Gilmore and Gomory (1961).
///
/// A pattern says how many tasks of each kind stand on one machine. The smallest number of
/// patterns, fractions allowed, that cover all tasks is a linear program; there are too many
/// patterns to write down, so that it begins with some, and each round adds one that its dual
/// prices say is worth more than a machine. That is a knapsack of all dimensions.
///
/// Prices under which no pattern is worth more than `w` machines bound the fleet from below by what
/// all tasks are worth, divided by `w` (Farley 1990). A bound of the knapsack will do for `w`, so
/// that the result is proven whether or not the rounds came to their end. Rules that let at most so
/// many tasks of an app on a machine are kept for tasks alike; the bound holds without them, too.
final class ColumnGeneration {
  /// Kinds of tasks are told apart by this.
  private record Kind(List<Long> request, String app, int limit) {}

  /// @param machines no policy can do with less
  /// @param linear the value of the linear program with the patterns found so far, in which the
  /// bound cannot exceed
  record Bound(int machines, double linear, int rounds) {}

  private static final int MAX_ROUNDS = 2_000;
  private static final Duration MAX_TIME = Duration.ofSeconds(60);
  private static final Duration MAX_PRICING = Duration.ofSeconds(2);
  private static final double PRICING_GAP = 1e-4;
  private static final double TOLERANCE = 1e-6;

  private final Fleet fleet;
  private final List<Kind> kinds = new ArrayList<>();
  private final List<Integer> demands = new ArrayList<>();
  private final Map<Kind, Integer> numbers = new LinkedHashMap<>();
  private final MPSolver master;
  private final List<MPConstraint> rows = new ArrayList<>();

  ColumnGeneration(Fleet fleet) {
    Loader.loadNativeLibraries();
    this.fleet = fleet;
    for (Task task : fleet.tasks()) {
      int number = numbers.computeIfAbsent(kind(task), _ -> numbers.size());
      if (number == kinds.size()) {
        kinds.add(kind(task));
        demands.add(0);
      }
      demands.set(number, demands.get(number) + 1);
    }
    master = MPSolver.createSolver("GLOP");
    master.objective().setMinimization();
    for (int demand : demands) {
      rows.add(master.makeConstraint(demand, MPSolver.infinity()));
    }
  }

  private Kind kind(Task task) {
    List<Long> request = new ArrayList<>();
    for (int i = 0; i < fleet.machine().dimensions(); i++) {
      request.add(task.request().of(i));
    }
    int limit = Integer.MAX_VALUE;
    for (Rule rule : task.rules()) {
      if (rule instanceof Rule.AtMost(_, int count)) {
        limit = Math.min(limit, count);
      }
    }
    return new Kind(request, limit == Integer.MAX_VALUE ? "" : task.app(), limit);
  }

  /// @param beginnings policies whose packings give the first patterns
  Bound solve(List<Supplier<Policy>> beginnings) {
    for (int number = 0; number < kinds.size(); number++) {
      add(Map.of(number, most(number)));
    }
    for (Supplier<Policy> policy : beginnings) {
      patterns(policy.get()).forEach(this::add);
    }
    long deadline = System.nanoTime() + MAX_TIME.toNanos();
    double best = LowerBounds.martelloToth(fleet);
    double linear = Double.POSITIVE_INFINITY;
    int round = 0;
    while (round < MAX_ROUNDS && System.nanoTime() - deadline < 0) {
      round++;
      if (master.solve() != ResultStatus.OPTIMAL) {
        break;
      }
      linear = master.objective().value();
      double[] prices = rows.stream().mapToDouble(row -> Math.max(0, row.dualValue())).toArray();
      Pricing found = price(prices);
      best = Math.max(best, worth(prices) / Math.max(1, found.atMost()));
      boolean isTight = Math.ceil(best - TOLERANCE) >= Math.ceil(linear - TOLERANCE);
      if (isTight || found.value() <= 1 + TOLERANCE) {
        break;
      }
      add(found.pattern());
    }
    return new Bound((int) Math.ceil(best - TOLERANCE), linear, round);
  }

  private double worth(double[] prices) {
    double worth = 0;
    for (int number = 0; number < prices.length; number++) {
      worth += prices[number] * demands.get(number);
    }
    return worth;
  }

  /// How many of a kind one machine takes.
  private int most(int number) {
    Kind kind = kinds.get(number);
    long most = Math.min(kind.limit(), demands.get(number));
    for (int i = 0; i < kind.request().size(); i++) {
      if (kind.request().get(i) > 0) {
        most = Math.min(most, fleet.machine().of(i) / kind.request().get(i));
      }
    }
    return Math.toIntExact(most);
  }

  private void add(Map<Integer, Integer> pattern) {
    MPVariable column = master.makeNumVar(0, MPSolver.infinity(), "");
    master.objective().setCoefficient(column, 1);
    pattern.forEach((number, count) -> rows.get(number).setCoefficient(column, count));
  }

  /// What a policy puts on each machine.
  private List<Map<Integer, Integer>> patterns(Policy policy) {
    int machines = 2 * LowerBounds.volume(fleet);
    policy.start(fleet.hosts(machines), fleet.tasks());
    Map<Integer, Map<Integer, Integer>> patterns = new LinkedHashMap<>();
    var choice = new Policy.Choice();
    for (Task task : fleet.tasks()) {
      if (policy.place(task, choice)) {
        patterns
            .computeIfAbsent(choice.host, _ -> new LinkedHashMap<>())
            .merge(numbers.get(kind(task)), 1, Integer::sum);
      }
    }
    return patterns.values().stream().distinct().toList();
  }

  /// @param value of the pattern
  /// @param atMost no pattern is worth more
  private record Pricing(Map<Integer, Integer> pattern, double value, double atMost) {}

  /// The pattern that is worth most, nearly.
  private Pricing price(double[] prices) {
    MPSolver knapsack = MPSolver.createSolver("SCIP");
    knapsack.setTimeLimit(MAX_PRICING.toMillis());
    knapsack.objective().setMaximization();
    List<MPConstraint> dimensions = new ArrayList<>();
    for (int i = 0; i < fleet.machine().dimensions(); i++) {
      dimensions.add(knapsack.makeConstraint(0, (double) fleet.machine().of(i)));
    }
    Map<Integer, MPVariable> counts = new LinkedHashMap<>();
    double unbounded = 0;
    for (int number = 0; number < prices.length; number++) {
      if (prices[number] > 0) {
        MPVariable count = knapsack.makeIntVar(0, most(number), "");
        knapsack.objective().setCoefficient(count, prices[number]);
        for (int i = 0; i < dimensions.size(); i++) {
          dimensions.get(i).setCoefficient(count, kinds.get(number).request().get(i).doubleValue());
        }
        counts.put(number, count);
        unbounded += prices[number] * most(number);
      }
    }
    var parameters = new MPSolverParameters();
    try {
      parameters.setDoubleParam(DoubleParam.RELATIVE_MIP_GAP, PRICING_GAP);
      ResultStatus status = knapsack.solve(parameters);
      if (status != ResultStatus.OPTIMAL && status != ResultStatus.FEASIBLE) {
        return new Pricing(Map.of(), 0, unbounded);
      }
      Map<Integer, Integer> pattern = new LinkedHashMap<>();
      counts.forEach(
          (number, count) -> {
            int taken = (int) Math.round(count.solutionValue());
            if (taken > 0) {
              pattern.put(number, taken);
            }
          });
      return new Pricing(pattern, knapsack.objective().value(), knapsack.objective().bestBound());
    } finally {
      parameters.delete();
      knapsack.delete();
    }
  }
}
