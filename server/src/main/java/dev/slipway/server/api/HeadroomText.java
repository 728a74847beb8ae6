package dev.slipway.server.api;

import dev.slipway.core.placement.Headroom;
import dev.slipway.core.placement.HeadroomClass;
import dev.slipway.core.placement.Placer;
import dev.slipway.core.state.State;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/// How much of the headroom that is wanted is free, as the API shows it.
///
/// @param missing how many slots fit nowhere, of all classes
record HeadroomText(int missing, List<ClassText> classes) {
  /// @param count how many slots are wanted
  /// @param fitting how many of them are free now, beside those of the other classes
  record ClassText(String name, int count, int fitting, int missing) {}

  static HeadroomText of(State state) {
    SortedMap<String, HeadroomClass> wanted = state.placementPolicy().headroom();
    var missing = new Headroom(wanted, new Placer()).missing(state.nodes());
    List<ClassText> classes = new ArrayList<>();
    wanted.forEach(
        (name, slots) -> {
          int count = slots.count();
          int left = missing.getOrDefault(name, 0);
          classes.add(new ClassText(name, count, count - left, left));
        });
    return new HeadroomText(
        missing.values().stream().mapToInt(Integer::intValue).sum(), List.copyOf(classes));
  }
}
