package dev.slipway.server.marathon.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.Network;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.Secrets;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.app.VersionInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// An app as Marathon 1.5 and later writes it (`app.raml`). Which parts are left out when empty,
/// and which are always there, follows its `AppConversion.appWriter`: clients with closed models
/// break on one key too many.
///
/// @param portDefinitions on the host's network alone; also written when empty, since an app
///     without the field would get a port
/// @param residency of apps with persistent volumes, always the same
/// @param unreachableStrategy an object, or the word `disabled`
/// @param backoffJitter Slipway's own, as are `backoffMinimumUptimeSeconds`, `deployment`,
///     `preferences`, `restartPolicy` and `scheduling`: there only where the owner set them
public record AppJson(
    String id,
    @JsonInclude(Include.NON_EMPTY) List<String> acceptedResourceRoles,
    @JsonInclude(Include.NON_EMPTY) List<String> args,
    Number backoffFactor,
    Optional<Number> backoffJitter,
    Optional<Number> backoffMinimumUptimeSeconds,
    Number backoffSeconds,
    Optional<CheckJson> check,
    Optional<String> cmd,
    @JsonInclude(Include.NON_EMPTY) List<List<String>> constraints,
    Optional<ContainerJson> container,
    Number cpus,
    @JsonInclude(Include.NON_EMPTY) List<String> dependencies,
    Optional<ConductJson.ProgressJson> deployment,
    Number disk,
    @JsonInclude(Include.NON_EMPTY) Map<String, Object> env,
    String executor,
    Optional<JsonNode> executorResources,
    @JsonInclude(Include.NON_EMPTY) List<FetchJson> fetch,
    Number gpus,
    @JsonInclude(Include.NON_EMPTY) List<HealthCheckJson> healthChecks,
    int instances,
    String killSelection,
    Map<String, String> labels,
    Number maxLaunchDelaySeconds,
    Number mem,
    List<NetworkJson> networks,
    Optional<List<PortDefinitionJson>> portDefinitions,
    @JsonInclude(Include.NON_EMPTY) List<ConductJson.PreferenceJson> preferences,
    @JsonInclude(Include.NON_EMPTY) List<CheckJson.ReadinessJson> readinessChecks,
    boolean requirePorts,
    Optional<ResidencyJson> residency,
    Optional<ConductJson.ResourceLimitsJson> resourceLimits,
    Optional<String> restartPolicy,
    String role,
    Optional<SchedulingJson> scheduling,
    @JsonInclude(Include.NON_EMPTY) Map<String, SecretJson> secrets,
    Optional<Number> taskKillGracePeriodSeconds,
    Optional<Boolean> tty,
    Object unreachableStrategy,
    ConductJson.UpgradeStrategyJson upgradeStrategy,
    Optional<String> user,
    String version,
    VersionInfoJson versionInfo) {

  public record NetworkJson(
      String mode,
      Optional<String> name,
      @JsonInclude(Include.NON_EMPTY) Map<String, String> labels) {
    private static NetworkJson fromCore(Network network) {
      String mode =
          switch (network.mode()) {
            case HOST -> "host";
            case BRIDGE -> "container/bridge";
            case CONTAINER -> "container";
          };
      return new NetworkJson(mode, network.name(), network.labels());
    }
  }

  public record SecretJson(String source) {}

  public record ResidencyJson(int relaunchEscalationTimeoutSeconds, String taskLostBehavior) {
    static final ResidencyJson ONLY = new ResidencyJson(3600, "WAIT_FOREVER");
  }

  public record VersionInfoJson(String lastScalingAt, String lastConfigChangeAt) {
    private static VersionInfoJson fromCore(VersionInfo versions) {
      return new VersionInfoJson(
          Timestamps.format(versions.lastScalingAt()),
          Timestamps.format(versions.lastConfigChangeAt()));
    }
  }

  /// Slipway's own `checksum` is there only when the owner gave one.
  public record FetchJson(
      String uri,
      boolean extract,
      boolean executable,
      boolean cache,
      Optional<String> destPath,
      Optional<String> checksum) {
    static FetchJson fromCore(Fetch fetch) {
      return new FetchJson(
          fetch.uri(),
          fetch.extract(),
          fetch.executable(),
          fetch.cache(),
          fetch.destPath(),
          fetch.checksum());
    }
  }

  public record PortDefinitionJson(
      int port, Optional<String> name, String protocol, Map<String, String> labels) {
    private static PortDefinitionJson fromCore(PortDefinition port) {
      return new PortDefinitionJson(port.port(), port.name(), port.protocol(), port.labels());
    }
  }

  public static AppJson fromCore(App app) {
    return fromCore(app, app.spec().instances());
  }

  /// @param instances how many are told of
  public static AppJson fromCore(App app, int instances) {
    AppSpec spec = app.spec();
    return new AppJson(
        spec.id().toString(),
        spec.mesos().acceptedResourceRoles(),
        arguments(spec.command()),
        Numbers.plain(spec.backoff().factor()),
        ConductJson.jitter(spec.backoff()),
        ConductJson.minimumUptime(spec.backoff()),
        Numbers.ofSeconds(spec.backoff().initial()),
        spec.check().map(CheckJson::fromCore),
        line(spec.command()),
        spec.constraints().stream().map(AppJson::constraint).toList(),
        ContainerJson.fromCore(spec),
        Numbers.plain(spec.resources().cpus()),
        spec.dependencies().stream().map(PathId::toString).toList(),
        ConductJson.ProgressJson.of(spec.rollout()),
        Numbers.plain(spec.resources().diskMebibytes()),
        SecretPart.written(spec),
        spec.mesos().executor().orElse(""),
        spec.mesos().executorResources().map(Kept::object),
        spec.fetch().stream().map(FetchJson::fromCore).toList(),
        Numbers.plain(spec.resources().gpus()),
        spec.healthChecks().stream().map(HealthCheckJson::fromCore).toList(),
        instances,
        spec.killSelection().name(),
        spec.labels(),
        Numbers.ofSeconds(spec.backoff().limit()),
        Numbers.plain(spec.resources().memMebibytes()),
        spec.networks().stream().map(NetworkJson::fromCore).toList(),
        ports(spec),
        spec.preferences().stream().map(ConductJson.PreferenceJson::of).toList(),
        spec.rollout().readinessCheck().stream().map(CheckJson.ReadinessJson::fromCore).toList(),
        spec.requirePorts(),
        Conduct.isResident(spec) ? Optional.of(ResidencyJson.ONLY) : Optional.empty(),
        ConductJson.ResourceLimitsJson.of(spec.resourceLimits()),
        ConductJson.restart(spec.restartPolicy()),
        spec.mesos().role().orElse(MesosPart.ANY_ROLE),
        SchedulingJson.of(spec.scheduling()),
        secrets(spec.secrets()),
        spec.taskKillGracePeriod().map(Numbers::ofSeconds),
        spec.tty() ? Optional.of(true) : Optional.empty(),
        ConductJson.unreachable(spec.unreachableStrategy()),
        new ConductJson.UpgradeStrategyJson(
            Numbers.plain(spec.upgradeStrategy().maximumOverCapacity()),
            Numbers.plain(spec.upgradeStrategy().minimumHealthCapacity())),
        spec.user(),
        Timestamps.format(app.version()),
        VersionInfoJson.fromCore(app.versions()));
  }

  private static Optional<List<PortDefinitionJson>> ports(AppSpec app) {
    return app.isOnHostNetwork()
        ? Optional.of(app.ports().stream().map(PortDefinitionJson::fromCore).toList())
        : Optional.empty();
  }

  private static Map<String, SecretJson> secrets(Secrets secrets) {
    Map<String, SecretJson> result = new LinkedHashMap<>();
    secrets.sources().forEach((name, source) -> result.put(name, new SecretJson(source)));
    return result;
  }

  private static List<String> arguments(Command command) {
    return switch (command) {
      case Command.Arguments arguments -> arguments.argv();
      case Command.Shell _, Command.ImageDefault _ -> List.of();
    };
  }

  private static Optional<String> line(Command command) {
    return switch (command) {
      case Command.Shell shell -> Optional.of(shell.line());
      case Command.Arguments _, Command.ImageDefault _ -> Optional.empty();
    };
  }

  static List<String> constraint(Constraint constraint) {
    List<String> words = new ArrayList<>();
    words.add(constraint.field());
    words.add(constraint.operator().name());
    constraint.value().ifPresent(words::add);
    return words;
  }
}
