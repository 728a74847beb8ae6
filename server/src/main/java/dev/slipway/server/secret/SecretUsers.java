package dev.slipway.server.secret;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which apps refer to which secrets: as they should run, and as they run while a deployment has
/// not reached them yet.
final class SecretUsers {
  private final SortedMap<String, SortedSet<PathId>> apps = new TreeMap<>();

  private SecretUsers() {}

  static SecretUsers in(State state) {
    var users = new SecretUsers();
    state.root().apps().values().forEach(users::add);
    for (Formation formation : state.formations().values()) {
      users.add(formation.app());
    }
    return users;
  }

  /// The apps that refer to it, by path.
  SortedSet<PathId> of(SecretName name) {
    return apps.getOrDefault(name.value(), new TreeSet<>());
  }

  private void add(App app) {
    for (String source : app.spec().secrets().sources().values()) {
      apps.computeIfAbsent(source, _ -> new TreeSet<>()).add(app.id());
    }
  }
}
