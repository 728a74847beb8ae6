package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.Change;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.QueuedDeployment;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Changes of apps and groups that are made on a draft of the root, be it forwards or back. What is
/// to go goes first, so that an app may take the place of a group and the other way round.
record RootChanges(
    SortedMap<PathId, Change<App>> apps, SortedMap<PathId, Change<GroupSpec>> groups) {

  /// How an app comes into a draft.
  @FunctionalInterface
  interface Put {
    void put(RootDraft root, Change<App> change);
  }

  static RootChanges of(QueuedDeployment queued) {
    return new RootChanges(queued.apps(), queued.groups());
  }

  /// What changes a deployment back; what was changed since stays as it is.
  static RootChanges back(Deployment deployment, RootDraft root) {
    return new RootChanges(
        back(deployment.apps(), root.root().apps()::get),
        back(deployment.groups(), root.root().groups()::get));
  }

  private static <T> SortedMap<PathId, Change<T>> back(
      SortedMap<PathId, Change<T>> changes, Function<PathId, @Nullable T> now) {
    SortedMap<PathId, Change<T>> back = new TreeMap<>();
    changes.forEach(
        (id, change) -> {
          if (Optional.ofNullable(now.apply(id)).equals(change.after())) {
            back.put(id, new Change<>(change.after(), change.before()));
          }
        });
    return back;
  }

  void make(RootDraft root, Put put) {
    apps.forEach(
        (id, change) -> {
          if (change.after().isEmpty()) {
            root.remove(id);
          }
        });
    // The innermost first, so that a group is empty when its turn comes.
    new TreeMap<>(groups)
        .descendingMap()
        .forEach(
            (id, change) -> {
              if (change.after().isEmpty() && root.isEmpty(id)) {
                root.removeGroup(id);
              }
            });
    groups.values().forEach(change -> change.after().ifPresent(root::put));
    for (Change<App> change : apps.values()) {
      if (change.after().isPresent()) {
        put.put(root, change);
      }
    }
  }
}
