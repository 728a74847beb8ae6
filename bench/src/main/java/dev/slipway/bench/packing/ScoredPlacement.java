package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Puts each task on the host with room that a score likes best, looking at all of them.
///
/// A score is worked out once for each pair of a host's state and a request, and found again with
/// the state; a placement changes the state of one host.
final class ScoredPlacement implements Policy {
  private static final int MAX_KNOWN_STATES = 100_000;

  private final Score score;
  private final Map<HostState, HostState> known = new HashMap<>();
  private final Map<Request, Integer> requests = new HashMap<>();
  private Ledger ledger = new Ledger(List.of());
  private HostState[] states = {};

  ScoredPlacement(Score score) {
    this.score = score;
  }

  @Override
  public String name() {
    return score.name();
  }

  @Override
  public void start(List<Host> hosts, List<Task> expected) {
    known.clear();
    requests.clear();
    ledger = new Ledger(hosts);
    states = new HostState[hosts.size()];
    score.start(hosts, expected);
    for (int host = 0; host < states.length; host++) {
      states[host] = state(host);
    }
  }

  @Override
  public boolean place(Task task, Choice choice) {
    Request request = Request.of(task);
    int number = requests.computeIfAbsent(request, _ -> requests.size());
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int host = 0; host < states.length; host++) {
      double value = states[host].score(number);
      if (Double.isNaN(value)) {
        value = evaluate(states[host], request, number);
      }
      if (value < least && ledger.allows(task, host)) {
        least = value;
        best = host;
      }
    }
    if (best < 0) {
      return false;
    }
    choice.host = best;
    choice.devices = ledger.devices(best, request, states[best].chosen(number));
    ledger.take(task, choice);
    states[best] = state(best);
    return true;
  }

  @Override
  public void remove(Task task, Choice choice) {
    ledger.give(task, choice);
    states[choice.host] = state(choice.host);
  }

  @Override
  public boolean adopt(Task task, Choice choice) {
    ledger.take(task, choice);
    states[choice.host] = state(choice.host);
    return true;
  }

  /// Without room the score is infinite; a share takes the device with the best score, the first
  /// one of equals.
  private double evaluate(HostState state, Request request, int number) {
    double least = Double.POSITIVE_INFINITY;
    int on = 0;
    if (state.takes(request)) {
      if (request.sharesDevice()) {
        for (int device = 0; device < state.devices(); device++) {
          if (state.device(device) >= request.milliGpus()) {
            double value = score.of(state, request, device);
            if (value < least) {
              least = value;
              on = device;
            }
          }
        }
      } else {
        least = score.of(state, request, 0);
      }
    }
    state.remember(number, least, on);
    return least;
  }

  private HostState state(int host) {
    if (known.size() > MAX_KNOWN_STATES) {
      known.clear();
    }
    HostState state = ledger.state(host);
    return known.computeIfAbsent(state, made -> made);
  }
}
