package dev.slipway.server.marathon;

import dev.slipway.core.control.Reply;
import dev.slipway.core.state.State;
import dev.slipway.server.marathon.json.DeploymentResultJson;
import dev.slipway.server.marathon.json.LockJson;
import dev.slipway.server.marathon.json.MessageJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What is sent back.
///
/// @param body written as JSON
record Answer(int status, Optional<Object> body, Map<String, String> headers) {
  static final String DEPLOYMENT_HEADER = "Marathon-Deployment-Id";

  static Answer ok(Object body) {
    return of(200, body);
  }

  static Answer of(int status, Object body) {
    return new Answer(status, Optional.of(body), Map.of());
  }

  static Answer empty(int status) {
    return new Answer(status, Optional.empty(), Map.of());
  }

  static Answer message(int status, String message) {
    return of(status, MessageJson.of(message));
  }

  /// A change that was accepted.
  static Answer deploying(int status, Reply.Deploying reply) {
    return of(status, DeploymentResultJson.fromCore(reply)).startedBy(reply);
  }

  Answer with(String header, String value) {
    Map<String, String> all = new TreeMap<>(headers);
    all.put(header, value);
    return new Answer(status, body, Map.copyOf(all));
  }

  Answer startedBy(Reply.Deploying reply) {
    return with(DEPLOYMENT_HEADER, reply.deployment().value());
  }

  /// Why a wish was refused, by Marathon's table of exceptions (`MarathonExceptionMapper.scala`).
  ///
  /// @param state to see whom the apps wait for
  static Answer refused(Reply.Refused refusal, State state) {
    return switch (refusal) {
      case Reply.NotFound notFound -> message(404, notFound.message());
      case Reply.Conflict conflict -> message(409, conflict.message());
      case Reply.Locked locked ->
          of(
              409,
              MessageJson.locked(
                  locked.message(),
                  locked.deployments().stream()
                      .map(id -> LockJson.fromCore(id, state.deployment(id)))
                      .toList()));
      case Reply.Invalid invalid ->
          of(422, MessageJson.of(invalid.message(), List.copyOf(invalid.problems())));
      case Reply.TooMany tooMany -> message(403, tooMany.message());
    };
  }
}
