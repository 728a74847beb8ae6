package dev.slipway.cli;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "events",
    description = "Shows what happens, as it happens, until Ctrl-C.",
    footer = {
      "",
      "With --json one event a line.",
      "",
      "Examples:",
      "  slipway events",
      "  slipway events --filter status_update_event --filter deployment_success"
    })
final class EventsCommand implements ClientCommand {
  /// The server sends a sign of life every few seconds.
  private static final int LONGEST_QUIET_MILLISECONDS = 60_000;

  private static final Duration PAUSE_BEFORE_RETRY = Duration.ofSeconds(1);
  private static final int MOST_RETRIES = 30;

  private final Session session;

  @Option(names = "--filter", paramLabel = "TYPE", description = "Only events of this type.")
  List<String> filter = List.of();

  EventsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    String query =
        filter.stream()
            .map(type -> "event_type=" + Api.encoded(type))
            .collect(Collectors.joining("&"));
    String path = "/v2/events" + (query.isEmpty() ? "" : "?" + query);
    int retries = 0;
    boolean connected = false;
    while (true) {
      try (InputStream stream =
          session.api().stream(path, "text/event-stream", LONGEST_QUIET_MILLISECONDS)) {
        connected = true;
        retries = 0;
        if (!new EventStream(stream).forEach(this::show)) {
          return Exit.OK;
        }
      } catch (Complaint complaint) {
        // Never connected: a plain mistake. Later: the server restarts.
        if (!connected || ++retries > MOST_RETRIES) {
          throw complaint;
        }
      } catch (IOException e) {
        retries++;
      }
      session.note("The stream of events broke; asking again (events in between are missed)");
      Pause.of(PAUSE_BEFORE_RETRY);
    }
  }

  /// Shows one event; false when nobody listens any more.
  private boolean show(EventStream.Event event) {
    if (session.json()) {
      session.print(event.data());
    } else {
      Json data = event.data();
      String line = data.at("timestamp").text("-") + "  " + event.type() + details(data);
      session.print(Words.cut(Words.printable(line), session.screen().width(), session.screen()));
    }
    return !session.unheard();
  }

  private static String details(Json data) {
    var details = new StringBuilder();
    for (Map.Entry<String, Json> field : data.fields().entrySet()) {
      String text = field.getValue().text();
      boolean told = List.of("eventType", "timestamp").contains(field.getKey());
      if (!told && !text.isEmpty()) {
        details.append("  ").append(field.getKey()).append('=').append(text);
      }
    }
    String deployment = data.at("plan").at("id").text();
    return deployment.isEmpty() ? details.toString() : details + "  deployment=" + deployment;
  }
}
