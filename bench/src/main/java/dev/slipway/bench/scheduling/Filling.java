package dev.slipway.bench.scheduling;

import dev.slipway.bench.scheduling.Cell.Standing;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What stands in a cell before anything is measured: on hosts by lot, with all rules kept.
final class Filling {
  private Filling() {}

  /// Puts tasks on hosts until these are full to a share on average, or no app has a host for one
  /// more. A host is as full as what it is shortest of.
  ///
  /// @param filled gets what was placed, numbered from 0 on
  static void fill(
      List<Host> hosts, List<Task> tasks, double share, List<Standing> filled, Random random) {
    var referee = new Referee(hosts);
    double full = 0;
    double[] each = new double[hosts.size()];
    Set<String> without = new HashSet<>();
    for (Task drawn : tasks) {
      if (full >= share * hosts.size()) {
        return;
      }
      Task task = Apps.numbered(List.of(drawn), filled.size()).getFirst();
      Host host =
          without.contains(task.app())
              ? null
              : host(referee, hosts, task, random.nextInt(hosts.size()));
      if (host == null) {
        without.add(task.app());
        continue;
      }
      var standing = new Standing(task, host.index(), devices(referee.devices(host.index()), task));
      referee.judge(List.of(task), List.of(standing.choice()), true);
      filled.add(standing);
      full -= each[host.index()];
      each[host.index()] = referee.fullness(host);
      full += each[host.index()];
    }
  }

  private static @Nullable Host host(Referee referee, List<Host> hosts, Task task, int first) {
    for (int i = 0; i < hosts.size(); i++) {
      Host host = hosts.get((first + i) % hosts.size());
      if (referee.fits(task, host)) {
        return host;
      }
    }
    return null;
  }

  private static long devices(int[] used, Task task) {
    int wanted = (task.milliGpus() + 999) / 1000;
    int share = Math.min(task.milliGpus(), 1000);
    long chosen = 0;
    for (int g = 0; g < used.length && wanted > 0; g++) {
      if (used[g] + share <= 1000) {
        chosen |= 1L << g;
        wanted--;
      }
    }
    return chosen;
  }
}
