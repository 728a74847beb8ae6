package dev.slipway.server.marathon.json;

/// What Marathon's clients may ask for and no engine will ever do. An app that asks for one of them
/// is refused by name rather than run without it. What some node may do some day (images, networks,
/// volumes, terminals) is taken, and the app waits for such a node.
final class Unavailable {
  private Unavailable() {}

  /// Lists of addresses that Marathon's own store was asked to copy.
  static void checkStoreUrls(Fields app) {
    if (app.node("storeUrls").filter(node -> !node.isEmpty()).isPresent()) {
      refuse(app, "storeUrls", "use 'fetch'");
    }
  }

  /// Programs that talk to Mesos, other than its own one for commands.
  static void checkExecutor(Fields app) {
    if (app.text("executor").filter(text -> !text.isEmpty() && !text.equals("//cmd")).isPresent()) {
      refuse(app, "executor", "leave it out: tasks need no executor");
    }
  }

  static void checkAppc(Fields container) {
    if (container.has("appc")) {
      refuse(container, "appc", "use 'docker' with an image of a registry");
    }
  }

  private static void refuse(Fields fields, String name, String advice) {
    fields.wrong(name, "'%s' is not available; %s".formatted(name, advice));
  }
}
