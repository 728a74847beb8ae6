package dev.slipway.server.marathon.json;

import dev.slipway.core.app.MesosFields;
import java.util.List;
import java.util.Optional;

/// What a client says that only Mesos gives a meaning: kept and shown again.
record MesosPart(
    Optional<String> executor,
    Optional<String> executorResources,
    Optional<String> role,
    Optional<List<String>> acceptedResourceRoles) {

  static final String ANY_ROLE = "*";

  static MesosPart read(Fields app) {
    Optional<List<String>> roles = app.textList("acceptedResourceRoles", AppLimits.ROLES);
    if (roles.filter(List::isEmpty).isPresent()) {
      app.wrong("acceptedResourceRoles", "must not be empty");
    }
    Unavailable.checkExecutor(app);
    return new MesosPart(
        app.text("executor"),
        amounts(app),
        app.shortText("role", AppLimits.NAME_LENGTH),
        roles.map(list -> list.stream().distinct().toList()));
  }

  /// `executorResources`: numbers alone.
  private static Optional<String> amounts(Fields app) {
    app.object("executorResources")
        .ifPresent(
            amounts -> {
              for (String name : List.of("cpus", "mem", "disk")) {
                Numbers.bounded(amounts, name, amounts.number(name), 0.0, AppLimits.MOST_MEBIBYTES);
              }
            });
    return ContainerReading.kept(app, "executorResources");
  }

  MesosFields over(MesosFields before) {
    return new MesosFields(
        executor.or(before::executor).filter(text -> !text.isEmpty()),
        executorResources.or(before::executorResources),
        role.or(before::role).filter(name -> !name.equals(ANY_ROLE)),
        acceptedResourceRoles.orElse(before.acceptedResourceRoles()));
  }
}
