package dev.slipway.server.marathon.json;

import dev.slipway.server.probe.CheckResult;
import java.util.Optional;

/// What a status check said last, one part by its kind (`CheckStatusInfo` of Mesos).
public record CheckResultJson(
    Optional<HttpJson> http, Optional<TcpJson> tcp, Optional<CommandJson> command) {

  public record HttpJson(int statusCode) {}

  public record TcpJson(boolean succeeded) {}

  public record CommandJson(int exitCode) {}

  public static CheckResultJson fromCore(CheckResult result) {
    return switch (result) {
      case CheckResult.Http(int status) ->
          new CheckResultJson(
              Optional.of(new HttpJson(status)), Optional.empty(), Optional.empty());
      case CheckResult.Tcp(boolean succeeded) ->
          new CheckResultJson(
              Optional.empty(), Optional.of(new TcpJson(succeeded)), Optional.empty());
      case CheckResult.Exec(int code) ->
          new CheckResultJson(
              Optional.empty(), Optional.empty(), Optional.of(new CommandJson(code)));
    };
  }
}
