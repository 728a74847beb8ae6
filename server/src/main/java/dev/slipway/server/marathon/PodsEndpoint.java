package dev.slipway.server.marathon;

import java.util.List;

/// `/v2/pods` (`PodsResource.scala`): there are none. Clients that ask whether there are pods are
/// told that the address is there and the list is empty, rather than stumble.
final class PodsEndpoint {
  private static final String REFUSED =
      "Pods are not supported: describe each of the pod's containers as an app (POST /v2/apps), and"
          + " keep them together in a group (POST /v2/groups)";

  private PodsEndpoint() {}

  static Answer answer(Call call) {
    List<String> rest = call.path().subList(1, call.path().size());
    boolean all = rest.isEmpty() || rest.equals(List.of("::status"));
    return switch (call.method()) {
      case GET -> all ? Answer.ok(List.of()) : unknown(rest);
      case POST -> rest.isEmpty() ? Answer.message(422, REFUSED) : notAllowed();
      case PUT -> rest.isEmpty() ? notAllowed() : Answer.message(422, REFUSED);
      case DELETE -> all ? notAllowed() : unknown(rest);
      case PATCH -> notAllowed();
    };
  }

  private static Answer notAllowed() {
    throw Rejected.method();
  }

  /// The id ends where a selector such as `::status` begins.
  private static Answer unknown(List<String> rest) {
    String id = "/" + String.join("/", rest).split("::", 2)[0];
    return Answer.message(404, "Pod '" + id + "' does not exist");
  }
}
