package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Policy.Choice;
import dev.slipway.bench.scheduling.Task;
import dev.slipway.bench.scheduling.Task.Rule;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is taken on each host, and what the rules of tasks say about it. Of the rules it knows
/// those that speak of one host alone, as workloads for packing have no others.
final class Ledger {
  static final String HOSTNAME = "hostname";

  private final List<Host> hosts;
  private final long[][] free;
  private final int[][] devices;
  private final List<Map<String, Integer>> apps;

  Ledger(List<Host> hosts) {
    this.hosts = List.copyOf(hosts);
    this.free = hosts.stream().map(Ledger::capacity).toArray(long[][]::new);
    this.devices = hosts.stream().map(Ledger::wholeDevices).toArray(int[][]::new);
    this.apps = hosts.stream().<Map<String, Integer>>map(_ -> new HashMap<>()).toList();
  }

  private static long[] capacity(Host host) {
    long[] all = new long[host.capacity().dimensions()];
    for (int i = 0; i < all.length; i++) {
      all[i] = host.capacity().of(i);
    }
    return all;
  }

  private static int[] wholeDevices(Host host) {
    int[] all = new int[host.gpus()];
    Arrays.fill(all, Request.WHOLE_DEVICE);
    return all;
  }

  HostState state(int host) {
    Host of = hosts.get(host);
    return new HostState(of.capacity(), of.gpuModel(), free[host], devices[host]);
  }

  /// Whether the rules let a task on a host, room aside.
  ///
  /// @throws IllegalArgumentException for a rule about more than one host
  boolean allows(Task task, int host) {
    for (Rule rule : task.rules()) {
      if (!allows(task, rule, host)) {
        return false;
      }
    }
    return hosts.get(host).dedicated().stream().allMatch(name -> asksFor(task, name));
  }

  private static boolean asksFor(Task task, String attribute) {
    return task.rules().stream()
        .anyMatch(rule -> rule instanceof Rule.Attribute(String name, _) && name.equals(attribute));
  }

  private boolean allows(Task task, Rule rule, int host) {
    return switch (rule) {
      case Rule.Attribute(String name, String value) ->
          value.equals(hosts.get(host).attributes().get(name));
      case Rule.AtMost(String attribute, int count) when attribute.equals(HOSTNAME) ->
          apps.get(host).getOrDefault(task.app(), 0) < count;
      case Rule.AtMost _, Rule.Spread _, Rule.Apart _, Rule.Together _ ->
          throw new IllegalArgumentException("not a rule about one host: " + rule);
    };
  }

  /// The devices for a task, one bit each: the given one for a share, else the first free ones.
  long devices(int host, Request request, int shared) {
    if (request.sharesDevice()) {
      return 1L << shared;
    }
    int left = request.devices();
    long taken = 0;
    for (int device = 0; device < devices[host].length && left > 0; device++) {
      if (devices[host][device] == Request.WHOLE_DEVICE) {
        taken |= 1L << device;
        left--;
      }
    }
    return taken;
  }

  void take(Task task, Choice choice) {
    change(task, choice, 1);
    apps.get(choice.host).merge(task.app(), 1, Integer::sum);
  }

  void give(Task task, Choice choice) {
    change(task, choice, -1);
    apps.get(choice.host).merge(task.app(), -1, Integer::sum);
  }

  private void change(Task task, Choice choice, int sign) {
    for (int i = 0; i < free[choice.host].length; i++) {
      free[choice.host][i] -= sign * task.request().of(i);
    }
    int each = Math.min(task.milliGpus(), Request.WHOLE_DEVICE);
    for (int device = 0; device < devices[choice.host].length; device++) {
      if ((choice.devices >>> device & 1) == 1) {
        devices[choice.host][device] -= sign * each;
      }
    }
  }
}
