package dev.slipway.server.marathon;

import dev.slipway.server.marathon.event.EventStreams;
import java.util.Map;

/// `/v2/leader` (`LeaderResource.scala`).
record LeaderEndpoint(ServerInfo server, Runnable abdication, EventStreams events) {
  Answer answer(Call call) {
    return switch (call.method()) {
      case GET ->
          server
              .leader()
              .map(leader -> Answer.ok(Map.of("leader", leader)))
              .orElseThrow(() -> Rejected.notFound("There is no leader"));
      case DELETE -> abdicate(call);
      case POST, PUT, PATCH -> throw Rejected.method();
    };
  }

  /// On a single server nobody else can take over: it takes the leadership anew itself, under a
  /// higher epoch. Of several another one does. Event streams end, as they do in Marathon, so that
  /// their clients come back to whoever leads then.
  private Answer abdicate(Call call) {
    for (String option : new String[] {"backup", "restore"}) {
      if (call.query().text(option).isPresent()) {
        return Answer.message(
            422,
            "'%s' is not available here: 'slipway journal export' writes all that is recorded; see"
                    .formatted(option)
                + " 'slipway journal' for checking and repairing");
      }
    }
    abdication.run();
    events.endAll();
    return Answer.message(200, "Leadership abdicated");
  }
}
