package dev.slipway.server.marathon.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.slipway.core.app.Scheduling;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The field `scheduling`, which is there only where somebody asked for something by it; and so are
/// its parts.
public record SchedulingJson(
    Optional<Integer> priority,
    Optional<Boolean> daemon,
    Optional<Boolean> gang,
    Optional<Boolean> tolerateDisruption,
    @JsonInclude(Include.NON_EMPTY) List<SpreadJson> spread,
    @JsonInclude(Include.NON_EMPTY) List<AffinityJson> affinity,
    @JsonInclude(Include.NON_EMPTY) List<AffinityJson> antiAffinity) {

  public record SpreadJson(String attribute, int maxSkew, Optional<Integer> weight) {
    private static SpreadJson of(Scheduling.Spread spread) {
      return new SpreadJson(spread.attribute(), spread.maxSkew(), given(spread.weight()));
    }
  }

  public record AffinityJson(String app, String attribute, Optional<Integer> weight) {
    private static AffinityJson of(Scheduling.Affinity affinity) {
      return new AffinityJson(
          affinity.app().toString(), affinity.attribute(), given(affinity.weight()));
    }
  }

  static Optional<SchedulingJson> of(Scheduling scheduling) {
    if (scheduling.equals(Scheduling.NONE)) {
      return Optional.empty();
    }
    return Optional.of(
        new SchedulingJson(
            Optional.of(scheduling.priority()).filter(priority -> priority != 0),
            Optional.of(scheduling.daemon()).filter(asked -> asked),
            Optional.of(scheduling.gang()).filter(asked -> asked),
            Optional.of(scheduling.tolerateDisruption()).filter(asked -> asked),
            scheduling.spread().stream().map(SpreadJson::of).toList(),
            scheduling.affinity().stream().map(AffinityJson::of).toList(),
            scheduling.antiAffinity().stream().map(AffinityJson::of).toList()));
  }

  private static Optional<Integer> given(OptionalInt weight) {
    return weight.isPresent() ? Optional.of(weight.getAsInt()) : Optional.empty();
  }
}
