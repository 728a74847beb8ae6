package dev.slipway.server.marathon;

import dev.slipway.server.marathon.json.Fields;
import java.time.Duration;
import java.util.Optional;

/// `/logging` (`SystemResource.scala`): shows the levels of the server's loggers and changes one,
/// for a while or until the server ends.
record LoggingEndpoint(LogLevels levels) {
  /// What was asked for, as Marathon sends it back.
  record ChangeJson(String level, String logger, Optional<Integer> durationSeconds) {}

  Answer answer(Call call) {
    return switch (call.method()) {
      case GET -> Answer.ok(levels.all());
      case POST -> change(call);
      case PUT, PATCH, DELETE -> throw Rejected.method();
    };
  }

  private Answer change(Call call) {
    Fields fields = call.object();
    Optional<String> logger = fields.text("logger");
    Optional<String> word = fields.text("level");
    Optional<Integer> seconds = fields.integer("durationSeconds");
    if (!fields.has("logger")) {
      fields.missing("logger");
    }
    if (!fields.has("level")) {
      fields.missing("level");
    }
    logger
        .filter(name -> !LogLevels.isOurs(name))
        .ifPresent(
            name ->
                fields.wrong(
                    "logger",
                    "must be ROOT, dev.slipway or a name below it: what libraries log may hold"
                        + " secrets"));
    Optional<LogLevels.Word> level = word.flatMap(LogLevels.Word::of);
    if (word.isPresent() && level.isEmpty()) {
      fields.wrong("level", "must be one of trace, debug, info, warn, error, off");
    }
    long longest = LogLevels.LONGEST.toSeconds();
    if (seconds.filter(count -> count < 1 || count > longest).isPresent()) {
      fields.wrong("durationSeconds", "must be from 1 to " + longest);
    }
    Rejected.ifAny(fields.faults());
    return change(
        new ChangeJson(word.orElseThrow(), logger.orElseThrow(), seconds), level.orElseThrow());
  }

  private Answer change(ChangeJson change, LogLevels.Word level) {
    var duration = change.durationSeconds().map(Duration::ofSeconds);
    return levels.change(change.logger(), level, duration)
        ? Answer.ok(change)
        : Answer.message(
            422, "the levels of %d loggers are changed already".formatted(LogLevels.MAX_CHANGED));
  }
}
