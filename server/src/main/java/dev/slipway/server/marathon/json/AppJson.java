package dev.slipway.server.marathon.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An app as Marathon 1.5 and later writes it (`app.raml`). Which parts are left out when empty,
/// and which are always there, follows its `AppConversion.appWriter`.
///
/// @param executor always empty: there is one way to run a task
/// @param networks always the host's
/// @param portDefinitions also written when empty, since an app without the field would get a port
/// @param role always `*`
/// @param unreachableStrategy always `disabled`: what goes silent is waited for
public record AppJson(
    String id,
    @JsonInclude(Include.NON_EMPTY) List<String> args,
    Number backoffFactor,
    Number backoffSeconds,
    Optional<String> cmd,
    @JsonInclude(Include.NON_EMPTY) List<List<String>> constraints,
    Number cpus,
    @JsonInclude(Include.NON_EMPTY) List<String> dependencies,
    Number disk,
    @JsonInclude(Include.NON_EMPTY) Map<String, String> env,
    String executor,
    @JsonInclude(Include.NON_EMPTY) List<FetchJson> fetch,
    int gpus,
    @JsonInclude(Include.NON_EMPTY) List<HealthCheckJson> healthChecks,
    int instances,
    String killSelection,
    Map<String, String> labels,
    Number maxLaunchDelaySeconds,
    Number mem,
    List<NetworkJson> networks,
    List<PortDefinitionJson> portDefinitions,
    boolean requirePorts,
    String role,
    Optional<Number> taskKillGracePeriodSeconds,
    String unreachableStrategy,
    UpgradeStrategyJson upgradeStrategy,
    Optional<String> user,
    String version,
    VersionInfoJson versionInfo) {

  public record NetworkJson(String mode) {}

  public record UpgradeStrategyJson(Number maximumOverCapacity, Number minimumHealthCapacity) {}

  public record VersionInfoJson(String lastScalingAt, String lastConfigChangeAt) {}

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
      int port, Optional<String> name, String protocol, Map<String, String> labels) {}

  public static AppJson fromCore(App app) {
    AppSpec spec = app.spec();
    return new AppJson(
        spec.id().toString(),
        arguments(spec.command()),
        Json.number(spec.backoff().factor()),
        seconds(spec.backoff().initial()),
        line(spec.command()),
        spec.constraints().stream().map(AppJson::constraint).toList(),
        Json.number(spec.resources().cpus()),
        spec.dependencies().stream().map(PathId::toString).toList(),
        Json.number(spec.resources().diskMebibytes()),
        spec.env(),
        "",
        spec.fetch().stream().map(FetchJson::fromCore).toList(),
        spec.resources().gpus(),
        spec.healthChecks().stream().map(HealthCheckJson::fromCore).toList(),
        spec.instances(),
        spec.killSelection().name(),
        spec.labels(),
        seconds(spec.backoff().limit()),
        Json.number(spec.resources().memMebibytes()),
        List.of(new NetworkJson("host")),
        spec.ports().stream()
            .map(
                port ->
                    new PortDefinitionJson(
                        port.port(), port.name(), port.protocol(), port.labels()))
            .toList(),
        spec.requirePorts(),
        "*",
        spec.taskKillGracePeriod().map(AppJson::seconds),
        "disabled",
        new UpgradeStrategyJson(
            Json.number(spec.upgradeStrategy().maximumOverCapacity()),
            Json.number(spec.upgradeStrategy().minimumHealthCapacity())),
        spec.user(),
        Timestamps.format(app.version()),
        new VersionInfoJson(
            Timestamps.format(app.versions().lastScalingAt()),
            Timestamps.format(app.versions().lastConfigChangeAt())));
  }

  private static List<String> arguments(Command command) {
    return switch (command) {
      case Command.Shell shell -> List.of();
      case Command.Arguments arguments -> arguments.argv();
      case Command.ImageDefault _ -> List.of();
    };
  }

  private static Optional<String> line(Command command) {
    return switch (command) {
      case Command.Shell shell -> Optional.of(shell.line());
      case Command.Arguments arguments -> Optional.empty();
      case Command.ImageDefault _ -> Optional.empty();
    };
  }

  private static List<String> constraint(Constraint constraint) {
    List<String> words = new ArrayList<>();
    words.add(constraint.field());
    words.add(constraint.operator().name());
    constraint.value().ifPresent(words::add);
    return words;
  }

  private static Number seconds(Duration duration) {
    return Json.number(duration.toMillis() / 1000.0);
  }
}
