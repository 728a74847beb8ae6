package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Container;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.Volume;
import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.volume.VolumeId;
import dev.slipway.engine.kubernetes.PodPlan.Refusal;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a pod has beside its images' files: the sandbox, persistent volumes and secret files in it,
/// and directories of the node that the operator lets apps mount.
final class PodVolumes {
  private static final String SECRETS = "secrets";
  private static final String ORDERS = "orders";
  private static final String CACHE = "cache";

  /// For the owner alone; Kubernetes lets the group read too where the pod has one for files.
  private static final int SECRET_MODE = 0400;

  private final TaskLaunch launch;
  private final KubernetesSettings.Allowed allowed;
  private final List<io.fabric8.kubernetes.api.model.Volume> volumes = new ArrayList<>();
  private final List<VolumeMount> taskMounts = new ArrayList<>();
  private final List<VolumeMount> fetchMounts = new ArrayList<>();
  private final Set<String> places = new HashSet<>();
  private final Map<VolumeId, String> claims = new TreeMap<>();

  private PodVolumes(TaskLaunch launch, KubernetesSettings.Allowed allowed) {
    this.launch = launch;
    this.allowed = allowed;
  }

  /// @throws Refusal telling what the task cannot be given
  static PodVolumes of(PodRequest request, PodDefaults defaults, GivenSecrets secrets) {
    var pod = new PodVolumes(request.launch(), defaults.allowed());
    pod.addSandbox(!request.artifacts().isEmpty());
    for (MountedVolume volume : request.launch().surroundings().volumes()) {
      pod.mount(pod.claim(volume.id()), volume.containerPath(), false);
    }
    pod.addListed();
    pod.addSecretFiles(secrets.files());
    if (!request.artifacts().isEmpty()) {
      pod.addFetch(request.artifacts(), defaults);
    }
    return pod;
  }

  List<io.fabric8.kubernetes.api.model.Volume> volumes() {
    return volumes;
  }

  List<VolumeMount> taskMounts() {
    return taskMounts;
  }

  List<VolumeMount> fetchMounts() {
    return fetchMounts;
  }

  /// Whether the task has files that belong to no account of its own unless a group is given them.
  boolean needsFileGroup() {
    return !claims.isEmpty()
        || volumes.stream().anyMatch(volume -> volume.getName().equals(SECRETS));
  }

  boolean hasClaims() {
    return !claims.isEmpty();
  }

  /// @param beside whether there is something in the volume that is not the task's to see: what is
  ///     fetched is unpacked beside the sandbox. Without that, the volume is the sandbox, and the
  ///     kubelet has no further mount to make.
  private void addSandbox(boolean beside) {
    volumes.add(
        new VolumeBuilder().withName(Names.SANDBOX_VOLUME).withNewEmptyDir().endEmptyDir().build());
    taskMounts.add(
        new VolumeMountBuilder()
            .withName(Names.SANDBOX_VOLUME)
            .withMountPath(Names.SANDBOX)
            .withSubPath(beside ? Names.SANDBOX_DIRECTORY : null)
            .build());
    places.add(Names.SANDBOX);
  }

  /// The pod's name for a persistent volume.
  private String claim(VolumeId id) {
    return claims.computeIfAbsent(
        id,
        added -> {
          String name = "volume-" + claims.size();
          volumes.add(
              new VolumeBuilder()
                  .withName(name)
                  .withNewPersistentVolumeClaim(Names.claimName(added), false)
                  .build());
          return name;
        });
  }

  private void addListed() {
    List<Volume> listed =
        launch.surroundings().container().map(Container::volumes).orElse(List.of());
    for (Volume volume : listed) {
      switch (volume) {
        case Volume.Host host -> addHost(host);
        case Volume.External external ->
            throw new Refusal(
                ("the volume '%s' is external (%s), which Slipway does not attach on Kubernetes;"
                        + " a persistent volume of a storage class does the same")
                    .formatted(external.name(), external.provider()));
        // They come by their ids, and with the other secrets.
        case Volume.Persistent _, Volume.SecretFile _ -> {}
      }
    }
  }

  private void addHost(Volume.Host host) {
    if (!host.hostPath().startsWith("/")) {
      MountedVolume own =
          launch.surroundings().volumes().stream()
              .filter(volume -> volume.containerPath().equals(host.hostPath()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new Refusal(
                          "the host path '%s' is neither absolute nor a persistent volume of the app"
                              .formatted(host.hostPath())));
      mount(claim(own.id()), host.containerPath(), host.readOnly());
      return;
    }
    Path path = path(host.hostPath(), "hostPath").normalize();
    if (allowed.paths().stream().noneMatch(each -> each.allows(path, !host.readOnly()))) {
      throw new Refusal(
          ("the host path '%s' (%s) is not below a directory that apps may mount; the operator may"
                  + " allow it with --allow-host-path")
              .formatted(host.hostPath(), host.readOnly() ? "RO" : "RW"));
    }
    String name = "host-" + volumes.size();
    volumes.add(new VolumeBuilder().withName(name).withNewHostPath(path.toString(), "").build());
    mount(name, host.containerPath(), host.readOnly());
  }

  private void addSecretFiles(Map<String, String> files) {
    if (files.isEmpty()) {
      return;
    }
    addSecret(SECRETS, files.values());
    files.forEach(
        (containerPath, key) ->
            taskMounts.add(
                new VolumeMountBuilder()
                    .withName(SECRETS)
                    .withMountPath(place(containerPath))
                    .withSubPath(key)
                    .withReadOnly(true)
                    .build()));
  }

  private void addFetch(List<Fetch> artifacts, PodDefaults defaults) {
    addSecret(ORDERS, List.of(FetchOrder.FILE));
    fetchMounts.add(
        new VolumeMountBuilder()
            .withName(Names.SANDBOX_VOLUME)
            .withMountPath(InitFetch.WORK.toString())
            .build());
    fetchMounts.add(
        new VolumeMountBuilder()
            .withName(ORDERS)
            .withMountPath(InitFetch.ORDERS.toString())
            .withReadOnly(true)
            .build());
    if (defaults.cache().isPresent() && artifacts.stream().anyMatch(Fetch::cache)) {
      volumes.add(
          new VolumeBuilder()
              .withName(CACHE)
              .withNewHostPath(defaults.cache().get().path().toString(), "DirectoryOrCreate")
              .build());
      fetchMounts.add(
          new VolumeMountBuilder()
              .withName(CACHE)
              .withMountPath(InitFetch.CACHE.toString())
              .build());
    }
  }

  private void addSecret(String name, Iterable<String> keys) {
    var source =
        new VolumeBuilder()
            .withName(name)
            .withNewSecret()
            .withSecretName(Names.secretName(launch.id()));
    for (String key : keys) {
      source = source.addNewItem(key, SECRET_MODE, key);
    }
    volumes.add(source.endSecret().build());
  }

  private void mount(String volume, String containerPath, boolean readOnly) {
    taskMounts.add(
        new VolumeMountBuilder()
            .withName(volume)
            .withMountPath(place(containerPath))
            .withReadOnly(readOnly ? true : null)
            .build());
  }

  /// The absolute path of a place in the task's eyes.
  private String place(String containerPath) {
    Path given = path(containerPath, "containerPath");
    for (Path name : given) {
      if (name.toString().equals("..")) {
        throw new Refusal("the containerPath '" + containerPath + "' leads upwards");
      }
    }
    Path place = Path.of(Names.SANDBOX).resolve(given).normalize();
    if (place.getNameCount() == 0 || Path.of(Names.SANDBOX).startsWith(place)) {
      throw new Refusal("the containerPath '" + containerPath + "' would hide the sandbox");
    }
    if (!places.add(place.toString())) {
      throw new Refusal("two volumes have the containerPath '" + containerPath + "'");
    }
    return place.toString();
  }

  private static Path path(String text, String what) {
    try {
      if (text.chars().noneMatch(Character::isISOControl)) {
        return Path.of(text);
      }
    } catch (InvalidPathException wrong) {
      // Told below, as control characters are.
    }
    throw new Refusal("the " + what + " '" + Lines.one(text, 100) + "' is not a path");
  }
}
