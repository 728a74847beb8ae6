package dev.slipway.core.placement;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.scheduling.TypicalRequest;
import java.util.List;

/// What the apps ask for, and how much each of it counts: a task goes where nodes stay of the most
/// use to these. It follows from what is wanted alone, in steps, so that it changes seldom.
public record TypicalRequests(List<TypicalRequest> all) {
  /// Where nothing is known, tasks go where the least stays free.
  public static final TypicalRequests NONE = new TypicalRequests(List.of());

  public TypicalRequests {
    all = List.copyOf(all);
  }

  /// @param wanted all apps
  public static TypicalRequests of(PersistentMap<PathId, App> wanted) {
    return new AppMix().follow(wanted);
  }
}
