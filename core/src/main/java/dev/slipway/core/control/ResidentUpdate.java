package dev.slipway.core.control;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.placement.PortRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// What must not change of an app that keeps volumes: they were made as they are, where they are.
/// Marathon refuses other processors and memory, too; here they may change, on the same node.
final class ResidentUpdate {
  private ResidentUpdate() {}

  static List<Problem> problems(AppSpec before, AppSpec after) {
    if (!before.isResident() && !after.isResident()) {
      return List.of();
    }
    List<Problem> problems = new ArrayList<>();
    var volumes = new HashSet<>(before.persistentVolumes());
    if (!volumes.equals(new HashSet<>(after.persistentVolumes()))) {
      problems.add(new Problem("/", "Persistent volumes can not be changed!"));
    }
    boolean sameResources =
        before.resources().diskBytes() == after.resources().diskBytes()
            && before.requirePorts() == after.requirePorts()
            && new HashSet<>(PortRequest.of(before)).equals(new HashSet<>(PortRequest.of(after)));
    if (!sameResources) {
      problems.add(new Problem("/", "Resident Tasks may not change resource requirements!"));
    }
    return problems;
  }
}
