package dev.slipway.engine.local;

import dev.slipway.core.app.Container;
import dev.slipway.core.app.Secrets;
import dev.slipway.core.app.Volume;
import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.Surroundings;
import dev.slipway.core.volume.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What of a task's surroundings this engine acts on, as lines of its [LaunchRecord]: which secrets
/// and volumes it has. Names and sources only; no value of a secret is ever written.
final class SurroundingsRecord {
  private SurroundingsRecord() {}

  static void encode(Surroundings surroundings, RecordFile.Lines lines) {
    surroundings
        .secrets()
        .sources()
        .forEach((name, source) -> lines.add("secret.name", name).add("secret.source", source));
    surroundings
        .secrets()
        .environment()
        .forEach(
            (variable, name) ->
                lines.add("secretVariable.name", variable).add("secretVariable.secret", name));
    for (MountedVolume volume : surroundings.volumes()) {
      lines.add("volume.id", volume.id()).add("volume.containerPath", volume.containerPath());
      lines.add("volume.sizeBytes", volume.sizeBytes());
    }
    surroundings.container().ifPresent(container -> encode(container, lines));
  }

  private static void encode(Container container, RecordFile.Lines lines) {
    container.image().ifPresent(image -> lines.add("image", image.name()));
    for (Volume volume : container.volumes()) {
      switch (volume) {
        case Volume.Host host ->
            lines
                .add("host.containerPath", host.containerPath())
                .add("host.hostPath", host.hostPath())
                .add("host.readOnly", host.readOnly());
        case Volume.SecretFile file ->
            lines
                .add("secretFile.containerPath", file.containerPath())
                .add("secretFile.secret", file.secret());
        case Volume.External external -> lines.add("external", external.name());
        case Volume.Persistent _ -> {}
      }
    }
  }

  static Surroundings decode(RecordFile.Content content) {
    List<MountedVolume> mounted = new ArrayList<>();
    List<String> ids = content.all("volume.id");
    for (int i = 0; i < ids.size(); i++) {
      mounted.add(
          new MountedVolume(
              new VolumeId(ids.get(i)),
              content.all("volume.containerPath").get(i),
              Long.parseLong(content.all("volume.sizeBytes").get(i))));
    }
    var secrets =
        new Secrets(
            pairs(content, "secret.name", "secret.source"),
            pairs(content, "secretVariable.name", "secretVariable.secret"));
    return new Surroundings(
        container(content),
        Surroundings.NONE.networks(),
        secrets,
        mounted,
        Surroundings.NONE.limits(),
        false);
  }

  private static Optional<Container> container(RecordFile.Content content) {
    List<Volume> volumes = new ArrayList<>();
    List<String> hosts = content.all("host.containerPath");
    for (int i = 0; i < hosts.size(); i++) {
      volumes.add(
          new Volume.Host(
              hosts.get(i),
              content.all("host.hostPath").get(i),
              Boolean.parseBoolean(content.all("host.readOnly").get(i))));
    }
    pairs(content, "secretFile.containerPath", "secretFile.secret")
        .forEach((path, secret) -> volumes.add(new Volume.SecretFile(path, secret)));
    for (String name : content.all("external")) {
      volumes.add(
          new Volume.External("external", false, name, "", new TreeMap<>(), Optional.empty()));
    }
    Optional<Container.Image> image =
        content
            .first("image")
            .map(
                name ->
                    new Container.Image(
                        name, false, false, List.of(), Optional.empty(), Optional.empty()));
    if (volumes.isEmpty() && image.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Container(Container.Kind.MESOS, image, volumes, List.of(), Optional.empty()));
  }

  private static SortedMap<String, String> pairs(
      RecordFile.Content content, String keys, String values) {
    SortedMap<String, String> pairs = new TreeMap<>();
    List<String> names = content.all(keys);
    for (int i = 0; i < names.size(); i++) {
      pairs.put(names.get(i), content.all(values).get(i));
    }
    return pairs;
  }
}
