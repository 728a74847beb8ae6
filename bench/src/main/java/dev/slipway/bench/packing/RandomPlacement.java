package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.Task;
import java.util.List;
import java.util.Random;

/// Puts each task on any host with room, and a share on any device with room: what every policy
/// should beat.
final class RandomPlacement implements Policy {
  private final Random random = new Random();
  private Ledger ledger = new Ledger(List.of());
  private HostState[] states = {};

  @Override
  public String name() {
    return "random";
  }

  @Override
  public void start(List<Host> hosts, List<Task> expected) {
    random.setSeed(1);
    ledger = new Ledger(hosts);
    states = new HostState[hosts.size()];
    for (int host = 0; host < states.length; host++) {
      states[host] = ledger.state(host);
    }
  }

  @Override
  public boolean place(Task task, Choice choice) {
    Request request = Request.of(task);
    int found = 0;
    for (int host = 0; host < states.length; host++) {
      if (states[host].takes(request) && ledger.allows(task, host)) {
        found++;
        if (random.nextInt(found) == 0) {
          choice.host = host;
        }
      }
    }
    if (found == 0) {
      return false;
    }
    choice.devices = ledger.devices(choice.host, request, device(states[choice.host], request));
    ledger.take(task, choice);
    states[choice.host] = ledger.state(choice.host);
    return true;
  }

  private int device(HostState state, Request request) {
    int found = 0;
    int taken = 0;
    for (int device = 0; device < state.devices(); device++) {
      if (state.device(device) >= request.perDevice()) {
        found++;
        if (random.nextInt(found) == 0) {
          taken = device;
        }
      }
    }
    return taken;
  }

  @Override
  public void remove(Task task, Choice choice) {
    ledger.give(task, choice);
    states[choice.host] = ledger.state(choice.host);
  }
}
