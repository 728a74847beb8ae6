package dev.slipway.server.marathon;

import dev.slipway.core.control.Limits;
import dev.slipway.server.marathon.json.InfoJson;
import java.util.List;

/// `/v2/info`: what this server is.
record SystemEndpoint(Control control, ServerInfo server) {
  /// The version of Marathon whose API this follows. Clients compare it to find out what they may
  /// use.
  static final String API_VERSION = "1.10.19";

  Answer info() {
    return Answer.ok(
        new InfoJson(
            "marathon",
            API_VERSION,
            "slipway-" + server.version(),
            server.leader().isPresent(),
            server.leader().orElse(""),
            control.state().platform().id(),
            new InfoJson.MarathonConfigJson(
                List.of(),
                "slipway",
                false,
                true,
                server.hostname(),
                Limits.FIRST_SERVICE_PORT,
                Limits.LAST_SERVICE_PORT,
                "",
                "*",
                server.url()),
            new InfoJson.ZookeeperConfigJson(""),
            new InfoJson.HttpConfigJson(server.port().getAsInt())));
  }
}
