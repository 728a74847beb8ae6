package dev.slipway.bench.scheduling;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A machine that tasks are put on.
///
/// @param index its place in the workload's list of hosts
/// @param type machines of one type are alike but for their attributes
/// @param capacity what there is of each dimension of the workload, in its units
/// @param gpus how many devices, at most 62; each has 1000 thousandths to share
/// @param gpuModel empty where there are no devices
/// @param dedicated attributes that keep off all tasks that do not ask for them
public record Host(
    int index,
    String name,
    String type,
    Amounts capacity,
    int gpus,
    String gpuModel,
    SortedMap<String, String> attributes,
    SortedSet<String> dedicated) {
  public Host {
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    dedicated = Collections.unmodifiableSortedSet(new TreeSet<>(dedicated));
  }
}
