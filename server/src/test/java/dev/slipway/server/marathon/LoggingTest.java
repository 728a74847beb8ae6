package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {
  private static final String NAME = "dev.slipway.server.marathon.LoggingTest";
  private static final Logger LOG = LoggerFactory.getLogger(NAME);

  // Others in the same JVM may have had everything logged.
  private final java.util.logging.Logger ours = java.util.logging.Logger.getLogger("dev.slipway");
  private final java.util.logging.@Nullable Level before = ours.getLevel();
  private final Served served = new Served();

  @BeforeEach
  void start() {
    ours.setLevel(java.util.logging.Level.INFO);
  }

  @AfterEach
  void stop() {
    served.close();
    ours.setLevel(before);
  }

  private String level() {
    return Served.json(served.get("/logging")).path(NAME).asString("");
  }

  private int change(String body) {
    return served.send("POST", "/logging", body).status();
  }

  @Test
  void aLevelIsChangedAndComesBackAsAsked() {
    assertThat(level()).isEqualTo("INFO (inherited)");
    assertThat(LOG.isDebugEnabled()).isFalse();
    String body = "{\"level\":\"debug\",\"logger\":\"" + NAME + "\"}";
    var answer = served.send("POST", "/logging", body);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(LOG.isDebugEnabled()).isTrue();
    assertThat(level()).isEqualTo("DEBUG");
    assertThat(change("{\"level\": \"error\", \"logger\": \"ROOT\"}")).isEqualTo(200);
    assertThat(LoggerFactory.getLogger("dev.slipway.other").isWarnEnabled()).isFalse();
    served.api.close();
    assertThat(LOG.isDebugEnabled()).isFalse();
    assertThat(LoggerFactory.getLogger("dev.slipway.other").isWarnEnabled()).isTrue();
  }

  @Test
  void aChangeForAWhileEndsByItself() {
    change("{\"level\": \"warn\", \"logger\": \"" + NAME + "\"}");
    change("{\"level\": \"trace\", \"logger\": \"" + NAME + "\", \"durationSeconds\": 1}");
    assertThat(LOG.isTraceEnabled()).isTrue();
    await().atMost(Duration.ofSeconds(20)).until(() -> !LOG.isTraceEnabled());
    assertThat(level()).isEqualTo("INFO (inherited)");
  }

  @Test
  void whatIsTalkativeComesThroughTheHandlers() {
    var root = java.util.logging.Logger.getLogger("");
    var handler = new java.util.logging.ConsoleHandler();
    root.addHandler(handler);
    try {
      try (var levels = new LogLevels()) {
        levels.change(NAME, LogLevels.Word.DEBUG, Optional.empty());
        assertThat(handler.getLevel().intValue())
            .isLessThanOrEqualTo(java.util.logging.Level.FINE.intValue());
      }
      assertThat(handler.getLevel()).isEqualTo(java.util.logging.Level.INFO);
    } finally {
      root.removeHandler(handler);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"level\": \"debug\"}",
        "{\"level\": \"loud\", \"logger\": \"ROOT\"}",
        "{\"level\": \"debug\", \"logger\": \"org.eclipse.jetty\"}",
        "{\"level\": \"debug\", \"logger\": \"dev.slipwayx\"}",
        "{\"level\": \"debug\", \"logger\": \"ROOT\", \"durationSeconds\": 0}",
        "{\"level\": \"debug\", \"logger\": \"ROOT\", \"durationSeconds\": 86401}"
      })
  void whatCannotBeChangedIsRefused(String body) {
    assertThat(change(body)).isEqualTo(422);
  }

  @Test
  void onlySoManyAreChangedAtOnce() {
    for (int i = 0; i < LogLevels.MAX_CHANGED; i++) {
      assertThat(change("{\"level\": \"debug\", \"logger\": \"" + NAME + ".n" + i + "\"}"))
          .isEqualTo(200);
    }
    assertThat(change("{\"level\": \"debug\", \"logger\": \"" + NAME + ".more\"}")).isEqualTo(422);
    assertThat(change("{\"level\": \"info\", \"logger\": \"" + NAME + ".n7\"}")).isEqualTo(200);
  }

  @Test
  void otherMethodsAreNotKnown() {
    assertThat(served.delete("/logging").status()).isEqualTo(405);
  }
}
