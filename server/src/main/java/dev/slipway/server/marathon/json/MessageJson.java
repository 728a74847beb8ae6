package dev.slipway.server.marathon.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.slipway.core.control.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What Marathon answers when something is wrong.
///
/// @param details a line of text, or one {@link Detail} a path
/// @param deployments those that hold the apps
public record MessageJson(
    String message,
    @JsonInclude(Include.NON_EMPTY) Object details,
    @JsonInclude(Include.NON_EMPTY) List<LockJson> deployments) {

  public record Detail(String path, List<String> errors) {}

  public static MessageJson of(String message) {
    return new MessageJson(message, "", List.of());
  }

  public static MessageJson locked(String message, List<LockJson> deployments) {
    return new MessageJson(message, "", deployments);
  }

  public static MessageJson of(String message, List<Problem> problems) {
    Map<String, List<String>> byPath = new LinkedHashMap<>();
    for (Problem problem : problems) {
      byPath.computeIfAbsent(problem.path(), path -> new ArrayList<>()).add(problem.message());
    }
    List<Detail> details = new ArrayList<>();
    byPath.forEach((path, errors) -> details.add(new Detail(path, errors)));
    return new MessageJson(message, details, List.of());
  }
}
