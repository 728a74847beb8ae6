package dev.slipway.server.forward;

import java.util.List;

/// Who answers a request at a server that does not lead.
enum Way {
  /// This server, about itself.
  SELF,

  /// This server, from the state that it keeps warm.
  STATE,

  /// The leader, since it knows more than the state: what checks and measurements last said.
  /// Without a leader this server, from the state.
  DETAIL,

  /// The leader alone.
  LEADER;

  private static final List<String> SELF_PATHS =
      List.of(
          "/",
          "/ping",
          "/health",
          "/metrics",
          "/metrics/prometheus",
          "/logging",
          "/v2/leader",
          "/api/v1/servers");

  private static final List<String> STATE_PATHS =
      List.of(
          "/v2/apps",
          "/v2/groups",
          "/v2/deployments",
          "/v2/info",
          "/v2/pods",
          "/v2/plugins",
          "/v2/queue",
          "/config",
          "/api/v1/info",
          "/api/v1/deployments",
          "/api/v1/nodes",
          "/api/v1/placement");

  private static final List<String> DETAIL_PATHS =
      List.of("/v2/tasks", "/api/v1/tasks", "/api/v1/apps", "/api/v1/volumes");

  /// Of sandboxes, below `/api/v1/tasks`: only the leader's engine reaches them.
  private static final String SANDBOX = "/api/v1/tasks/";

  /// @param path as the client wrote it, without its query
  /// @param query as the client wrote it, empty without one
  static Way of(String method, String path, String query) {
    String plain = plain(path);
    boolean reads = method.equals("GET") || method.equals("HEAD");
    if (SELF_PATHS.contains(plain)
        && (reads || plain.equals("/logging") || plain.equals("/ping"))) {
      return SELF;
    }
    if (!reads || plain.equals("/v2/events") || plain.startsWith(SANDBOX)) {
      return LEADER;
    }
    if (isWithin(STATE_PATHS, plain)) {
      return showsTasks(plain, query) ? DETAIL : STATE;
    }
    return isWithin(DETAIL_PATHS, plain) ? DETAIL : LEADER;
  }

  /// Whether what the checks of tasks last said is part of the answer: an app by itself has its
  /// tasks, lists have them where they are asked for.
  private static boolean showsTasks(String path, String query) {
    boolean app = path.startsWith("/v2/apps/") && !path.contains("/versions");
    return app || query.contains("embed");
  }

  private static boolean isWithin(List<String> roots, String path) {
    return roots.stream().anyMatch(root -> path.equals(root) || path.startsWith(root + "/"));
  }

  /// Routes take double and trailing slashes for single ones and none.
  private static String plain(String path) {
    String single = path.replaceAll("/{2,}", "/");
    boolean trailing = single.length() > 1 && single.endsWith("/");
    return trailing ? single.substring(0, single.length() - 1) : single;
  }
}
