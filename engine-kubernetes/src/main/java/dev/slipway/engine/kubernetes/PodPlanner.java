package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Container.Image;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.engine.kubernetes.PodPlan.PodOrder;
import dev.slipway.engine.kubernetes.PodPlan.Refusal;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodDNSConfigBuilder;
import io.fabric8.kubernetes.api.model.PodDNSConfigOption;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says a launch in Kubernetes' words: one pod, already on its node, and the Secrets that it needs.
/// It looks nothing up, so that the same launch always gives the same pod.
///
/// Where it matters how a container's program is found: a `cmd` starts in the sandbox; what an
/// image's own entry point starts, with or without `args`, starts where the image says, since
/// images count on that.
final class PodPlanner {
  /// Reported where a container says nothing itself: the last lines of its log.
  private static final String LAST_LINES = "FallbackToLogsOnError";

  private static final String NOT_READY = "node.kubernetes.io/not-ready";
  private static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  private static final String NO_EXECUTE = "NoExecute";

  private final PodDefaults defaults;

  PodPlanner(PodDefaults defaults) {
    this.defaults = defaults;
  }

  PodPlan plan(PodRequest request) {
    try {
      return order(request);
    } catch (Refusal refusal) {
      return refusal.refused();
    }
  }

  private PodOrder order(PodRequest request) {
    TaskLaunch launch = request.launch();
    Optional<Image> image = launch.surroundings().container().flatMap(Container::image);
    var parameters = DockerParameters.of(image.map(Image::parameters).orElse(List.of()));
    var account = TaskAccount.of(launch, parameters);
    var secrets = GivenSecrets.of(request);
    if (!request.artifacts().isEmpty()) {
      secrets.addFetchOrder(fetchOrder(request, account));
    }
    Optional<Secret> pullSecret =
        image.flatMap(Image::pullSecret).map(name -> PullCredentials.secret(request, name));
    pullSecret.ifPresent(this::addNamespace);
    var volumes = PodVolumes.of(request, defaults, secrets);
    boolean privileged = parameters.privileged || image.filter(Image::privileged).isPresent();
    var spec =
        spec(request, parameters, volumes)
            .withSecurityContext(PodSecurity.ofPod(account, parameters, volumes, privileged))
            .withContainers(task(launch, image, parameters, secrets, volumes, privileged))
            .withImagePullSecrets(pullSecrets(pullSecret));
    if (!request.artifacts().isEmpty()) {
      spec.withInitContainers(fetch(launch, volumes));
    }
    Pod pod =
        new PodBuilder()
            .withMetadata(metadata(launch, Names.podName(launch.id())))
            .withSpec(spec.build())
            .build();
    PodSize.check(pod);
    return new PodOrder(pod, secret(launch, secrets), pullSecret);
  }

  private PodSpecBuilder spec(PodRequest request, DockerParameters parameters, PodVolumes volumes) {
    TaskLaunch launch = request.launch();
    var spec =
        new PodSpecBuilder()
            .withNodeName(launch.node().value())
            .withRestartPolicy("Never")
            .withEnableServiceLinks(false)
            .withAutomountServiceAccountToken(false)
            .withTerminationGracePeriodSeconds(graceSeconds(launch.killGrace()))
            .withTolerations(tolerations(request.taints()))
            .withHostAliases(parameters.hostAliases())
            .withVolumes(volumes.volumes());
    parameters.hostname().ifPresent(name -> spec.withHostname(hostname(name)));
    if (!parameters.nameServers.isEmpty()
        || !parameters.searches.isEmpty()
        || !parameters.resolverOptions.isEmpty()) {
      spec.withDnsConfig(
          new PodDNSConfigBuilder()
              .withNameservers(parameters.nameServers)
              .withSearches(parameters.searches)
              .withOptions(
                  parameters.resolverOptions.stream().map(PodPlanner::resolverOption).toList())
              .build());
    }
    if (!parameters.nameServers.isEmpty()) {
      // As with Docker, these are asked instead of the usual ones.
      spec.withDnsPolicy("None");
    }
    return spec;
  }

  private io.fabric8.kubernetes.api.model.Container task(
      TaskLaunch launch,
      Optional<Image> image,
      DockerParameters parameters,
      GivenSecrets secrets,
      PodVolumes volumes,
      boolean privileged) {
    boolean terminal = launch.surroundings().tty() || parameters.terminal;
    var container =
        new ContainerBuilder()
            .withName(Names.TASK_CONTAINER)
            .withImage(image.map(Image::name).orElse(defaults.images().base()))
            .withImagePullPolicy(
                image.filter(Image::forcePull).isPresent() ? "Always" : "IfNotPresent")
            .withEnv(PodVariables.of(launch, parameters, secrets))
            .withResources(PodResources.of(launch, defaults.gpuResource()))
            .withPorts(PodPorts.of(launch))
            .withVolumeMounts(volumes.taskMounts())
            .withSecurityContext(PodSecurity.ofTask(parameters, privileged, defaults.allowed()))
            .withTerminationMessagePolicy(LAST_LINES);
    if (terminal) {
      container.withTty(true).withStdin(true);
    }
    command(container, launch.command(), image.isPresent(), parameters);
    return container.build();
  }

  private static void command(
      ContainerBuilder container, Command command, boolean ownImage, DockerParameters parameters) {
    List<String> entrypoint =
        parameters.entrypoint().map(program -> List.of(literal(program))).orElse(List.of());
    boolean asImageSays = false;
    switch (command) {
      case Command.Shell shell -> container.withCommand(literals(shell.argv()));
      case Command.Arguments(List<String> argv) -> {
        if (ownImage) {
          asImageSays = true;
          container.withCommand(entrypoint).withArgs(literals(argv));
        } else {
          container.withCommand(literals(argv));
        }
      }
      case Command.ImageDefault _ -> {
        if (!ownImage) {
          throw new Refusal(
              TaskEnd.Reason.COMMAND_INVALID, "the app names neither a command nor an image");
        }
        asImageSays = true;
        container.withCommand(entrypoint);
      }
    }
    Optional<String> sandbox = asImageSays ? Optional.empty() : Optional.of(Names.SANDBOX);
    parameters.workingDirectory().or(() -> sandbox).ifPresent(container::withWorkingDir);
  }

  private io.fabric8.kubernetes.api.model.Container fetch(TaskLaunch launch, PodVolumes volumes) {
    return new ContainerBuilder()
        .withName(Names.FETCH_CONTAINER)
        .withImage(defaults.images().fetch())
        .withImagePullPolicy("IfNotPresent")
        .withCommand(InitFetch.COMMAND)
        .withResources(PodResources.ofFetch(launch))
        .withVolumeMounts(volumes.fetchMounts())
        .withSecurityContext(PodSecurity.ofFetch())
        .withTerminationMessagePolicy(LAST_LINES)
        .build();
  }

  private FetchOrder fetchOrder(PodRequest request, TaskAccount account) {
    return new FetchOrder(
        request.artifacts(),
        InitFetch.SANDBOX,
        request.launch().user().orElse(""),
        account.owner(),
        defaults.platform());
  }

  private Optional<Secret> secret(TaskLaunch launch, GivenSecrets secrets) {
    if (secrets.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SecretBuilder()
            .withMetadata(metadata(launch, Names.secretName(launch.id())))
            .withType("Opaque")
            .withImmutable(true)
            .withData(secrets.data())
            .build());
  }

  private List<LocalObjectReference> pullSecrets(Optional<Secret> own) {
    List<LocalObjectReference> references = new ArrayList<>();
    own.ifPresent(
        secret -> references.add(new LocalObjectReference(secret.getMetadata().getName())));
    defaults.images().pullSecrets().forEach(name -> references.add(new LocalObjectReference(name)));
    return references;
  }

  private void addNamespace(Secret secret) {
    secret.getMetadata().setNamespace(defaults.namespace());
  }

  private ObjectMeta metadata(TaskLaunch launch, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(defaults.namespace())
        .withLabels(Names.labels(launch.id(), launch.version(), launch.epoch()))
        .withAnnotations(Names.annotations(launch.id(), launch.app(), launch.version()))
        .build();
  }

  /// Nodes that go silent are the platform's to judge, and taints of the node are known to whoever
  /// placed the task there.
  private static List<Toleration> tolerations(List<Taint> taints) {
    List<Toleration> tolerations = new ArrayList<>();
    tolerations.add(always(NOT_READY));
    tolerations.add(always(UNREACHABLE));
    for (Taint taint : taints) {
      Toleration toleration =
          new TolerationBuilder()
              .withKey(taint.getKey())
              .withOperator("Equal")
              .withValue(taint.getValue() == null ? "" : taint.getValue())
              .withEffect(taint.getEffect())
              .build();
      boolean known =
          NO_EXECUTE.equals(taint.getEffect())
              && (taint.getKey().equals(NOT_READY) || taint.getKey().equals(UNREACHABLE));
      if (!known) {
        tolerations.add(toleration);
      }
    }
    return tolerations;
  }

  private static Toleration always(String key) {
    return new TolerationBuilder()
        .withKey(key)
        .withOperator("Exists")
        .withEffect(NO_EXECUTE)
        .build();
  }

  /// Kubernetes counts whole seconds, and 0 would forget a container that may still run.
  static long graceSeconds(Duration grace) {
    long seconds = grace.toSeconds();
    return Math.max(1, grace.minusSeconds(seconds).isPositive() ? seconds + 1 : seconds);
  }

  private static String hostname(String name) {
    if (!name.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
      throw new Refusal(
          "the hostname '%s' is not one that Kubernetes takes: 1 to 63 small letters, digits and '-'"
              .formatted(name));
    }
    return name;
  }

  private static PodDNSConfigOption resolverOption(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new PodDNSConfigOption(text, null)
        : new PodDNSConfigOption(text.substring(0, colon), text.substring(colon + 1));
  }

  private static List<String> literals(List<String> texts) {
    return texts.stream().map(PodPlanner::literal).toList();
  }

  private static String literal(String text) {
    if (text.length() > PodVariables.LONGEST || text.indexOf('\0') >= 0) {
      throw new Refusal(
          TaskEnd.Reason.COMMAND_INVALID,
          "an argument of the command is longer than %d bytes, or holds a NUL character"
              .formatted(PodVariables.LONGEST));
    }
    return PodVariables.literal(text);
  }
}
