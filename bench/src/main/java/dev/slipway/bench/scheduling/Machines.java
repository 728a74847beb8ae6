package dev.slipway.bench.scheduling;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The hosts of a cell: types, zones, racks, kinds of disk, pools and devices.
final class Machines {
  static final String ZONE = "zone";
  static final String RACK = "rack";
  static final String ARCHITECTURE = "arch";
  static final String DISK = "disk";
  static final String POOL = "pool";
  static final String GPU = "gpu";
  static final List<String> ZONES = List.of("a", "b", "c");
  static final List<String> POOLS = List.of("batch", "data", "web");
  static final List<String> GPU_MODELS = List.of("A10G", "T4");
  static final int GPUS = 8;

  /// Of ten hosts so many have a solid state disk.
  static final int WITH_SSD = 7;

  private static final int HOSTS_A_RACK = 40;
  private static final long DISK_A_CORE = 20 * 1024;

  private Machines() {}

  static List<Host> generate(int count, List<MachineType> types, Mix mix, Random random) {
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      MachineType type = types.get(random.nextInt(types.size()));
      SortedMap<String, String> attributes = new TreeMap<>();
      attributes.put(ZONE, ZONES.get(i % ZONES.size()));
      attributes.put(RACK, "r" + i / HOSTS_A_RACK);
      attributes.put(ARCHITECTURE, type.architecture());
      attributes.put(DISK, random.nextInt(10) < WITH_SSD ? "ssd" : "hdd");
      SortedSet<String> dedicated = new TreeSet<>();
      double lot = random.nextDouble();
      boolean isGpu = lot < mix.gpus();
      boolean isPool = !isGpu && lot < mix.gpus() + mix.pools();
      if (isGpu) {
        attributes.put(GPU, "yes");
        dedicated.add(GPU);
      }
      if (isPool) {
        attributes.put(POOL, POOLS.get(random.nextInt(POOLS.size())));
        dedicated.add(POOL);
      }
      hosts.add(
          new Host(
              i,
              "host-%05d".formatted(i),
              type.name(),
              new Amounts(type.cpu(), type.memory(), type.cpu() / 1000 * DISK_A_CORE),
              isGpu ? GPUS : 0,
              isGpu ? GPU_MODELS.get(random.nextInt(GPU_MODELS.size())) : "",
              attributes,
              dedicated));
    }
    return hosts;
  }
}
