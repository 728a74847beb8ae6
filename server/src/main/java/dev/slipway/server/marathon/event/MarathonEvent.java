package dev.slipway.server.marathon.event;

import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.server.marathon.json.AppJson;
import dev.slipway.server.marathon.json.HealthCheckJson;
import dev.slipway.server.marathon.json.TaskState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// An event as Marathon tells it (`Formats.scala`, `EventFormats`).
///
/// @param type its `eventType`
/// @param fields in the order in which they are written, `eventType` and `timestamp` among them
/// @param heavyPlan the plan that clients get who did not ask for `plan-format=light`; nothing for
/// events
///     without a plan
public record MarathonEvent(String type, Map<String, Object> fields, Optional<Object> heavyPlan) {
  static final String PLAN = "plan";

  static MarathonEvent of(String type, Instant at) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("eventType", type);
    fields.put("timestamp", Timestamps.format(at));
    return new MarathonEvent(type, fields, Optional.empty());
  }

  /// The same event with another field.
  MarathonEvent with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return new MarathonEvent(type, more, heavyPlan);
  }

  MarathonEvent withPlan(Object light, Object heavy) {
    MarathonEvent event = with(PLAN, light);
    return new MarathonEvent(type, event.fields(), Optional.of(heavy));
  }

  /// What is written, with the plan in either form.
  Map<String, Object> json(boolean light) {
    if (light || heavyPlan.isEmpty()) {
      return fields;
    }
    Map<String, Object> heavy = new LinkedHashMap<>(fields);
    heavy.put(PLAN, heavyPlan.get());
    return heavy;
  }

  /// Somebody posted an app.
  static MarathonEvent apiPost(String clientIp, String uri, AppJson app, Instant at) {
    return of("api_post_event", at)
        .with("clientIp", clientIp)
        .with("uri", uri)
        .with("appDefinition", app);
  }

  /// A health check of an instance failed, whether or not that changes anything.
  public static MarathonEvent failedHealthCheck(Instance instance, HealthCheck check, Instant at) {
    return of("failed_health_check_event", at)
        .with("appId", instance.app().toString())
        .with("taskId", instance.id().value())
        .with("instanceId", instance.id().value())
        .with("healthCheck", HealthCheckJson.fromCore(check));
  }

  /// A task ended that nothing recorded speaks of.
  public static MarathonEvent unknownInstanceTerminated(
      InstanceId instance, TaskEnd end, Instant at) {

    return of("unknown_instance_terminated_event", at)
        .with("instanceId", instance.value())
        .with("runSpecId", instance.app().toString())
        .with("condition", TaskState.word(TaskState.after(end)));
  }

  /// A change of apps or groups was refused.
  public static MarathonEvent groupChangeFailed(PathId group, String reason, Instant at) {
    return of("group_change_failed", at)
        .with("groupId", group.toString())
        .with("version", Timestamps.format(at))
        .with("reason", reason);
  }

  /// Somebody is told of events from now on, or no more, at `callbackUrl`.
  static MarathonEvent subscription(String type, String clientIp, String callbackUrl, Instant at) {
    return of(type, at).with("clientIp", clientIp).with("callbackUrl", callbackUrl);
  }

  static MarathonEvent stream(String type, String remoteAddress, Instant at) {
    return of(type, at).with("remoteAddress", remoteAddress);
  }

  static MarathonEvent ofApp(String type, PathId app, Instant at) {
    return of(type, at).with("appId", app.toString());
  }
}
