package dev.slipway.core.placement;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.scheduling.RequestMix;
import org.jspecify.annotations.Nullable;

/// What the apps ask for, kept up with what is wanted: only apps that changed since the last time
/// are looked at. What it gives depends on the apps alone. Should following be cut off half way,
/// the next time begins anew. For one thread.
final class AppMix {
  private @Nullable PersistentMap<PathId, App> followed;
  private RequestMix mix = new RequestMix();
  private TypicalRequests typical = TypicalRequests.NONE;

  TypicalRequests follow(PersistentMap<PathId, App> wanted) {
    PersistentMap<PathId, App> before = followed;
    if (before == wanted) {
      return typical;
    }
    followed = null;
    if (before == null) {
      mix = new RequestMix();
    }
    wanted.changesSince(
        before == null ? PersistentMap.empty() : before,
        (id, was, is) -> {
          if (was != null) {
            add(was, -1);
          }
          if (is != null) {
            add(is, 1);
          }
        });
    typical = new TypicalRequests(mix.typical());
    followed = wanted;
    return typical;
  }

  private void add(App app, int sign) {
    Resources taken = Request.of(app.spec(), 0).taken();
    mix.add(amounts(taken), taken.milliGpus(), (long) sign * app.spec().instances());
  }

  /// As the nodes' table has them, in the order of {@link Dimension}.
  static long[] amounts(Resources resources) {
    return new long[] {resources.milliCpus(), resources.memBytes(), resources.diskBytes()};
  }
}
