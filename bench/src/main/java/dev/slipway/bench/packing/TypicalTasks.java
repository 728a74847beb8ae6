package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The requests that make up most of a workload, and how often each of them comes.
record TypicalTasks(List<Typical> all) {
  /// @param share of the typical tasks; all shares together are 1
  record Typical(Request request, double share) {}

  TypicalTasks {
    all = List.copyOf(all);
  }

  static TypicalTasks all(List<Task> workload) {
    return of(workload.stream().map(Request::of).toList(), 1);
  }

  /// The most frequent requests, until they make up that share of the workload.
  static TypicalTasks of(List<Request> workload, double share) {
    Map<Request, Integer> counts = new LinkedHashMap<>();
    workload.forEach(request -> counts.merge(request, 1, Integer::sum));
    List<Map.Entry<Request, Integer>> ordered = new ArrayList<>(counts.entrySet());
    ordered.sort(Map.Entry.<Request, Integer>comparingByValue().reversed());
    List<Map.Entry<Request, Integer>> taken = new ArrayList<>();
    int sum = 0;
    for (var each : ordered) {
      if (sum >= share * workload.size()) {
        break;
      }
      taken.add(each);
      sum += each.getValue();
    }
    double all = sum;
    return new TypicalTasks(
        taken.stream().map(each -> new Typical(each.getKey(), each.getValue() / all)).toList());
  }
}
