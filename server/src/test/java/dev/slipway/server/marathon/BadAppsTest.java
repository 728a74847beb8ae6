package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/// Apps that ask for too much of placement are refused at the door, in a moment and in plain words;
/// what is let in waits and says why.
class BadAppsTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Caller caller = Caller.withNodes();

  private void assertRefused(String more, String message) {
    long begun = System.nanoTime();
    var answer = caller.post("/v2/apps", "{\"id\": \"/a\", \"cmd\": \"run\", " + more + "}");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().toString()).contains(message);
  }

  private static String list(String name, int count, String element) {
    return "\"%s\": [%s]".formatted(name, String.join(",", Collections.nCopies(count, element)));
  }

  @Test
  void aHundredThousandRulesAreTooMany() {
    String constraint = "[\"a\", \"UNIQUE\"]";
    assertRefused(
        list("constraints", 100_000, constraint), "must have at most 100 elements, and has 100000");
    assertRefused(
        list("preferences", 100_000, "{\"constraint\": " + constraint + "}"),
        "must have at most 100 elements");
    for (String kind : new String[] {"spread", "affinity", "antiAffinity"}) {
      String rule = kind.equals("spread") ? "{\"attribute\": \"a\"}" : "{\"app\": \"/b\"}";
      assertRefused(
          "\"scheduling\": {" + list(kind, 100_000, rule) + "}", "must have at most 20 elements");
    }
  }

  @Test
  void expressionsAreFewShortAndHarmless() {
    assertRefused(
        list("constraints", 21, "[\"a\", \"LIKE\", \"x\"]"),
        "must have at most 20 regular expressions together with the preferences, not 21");
    assertRefused(
        list("constraints", 1, "[\"a\", \"LIKE\", \"" + "x".repeat(2000) + "\"]"),
        "must have at most 1024 characters");
    assertRefused(
        list("constraints", 1, "[\"a\", \"LIKE\", \"(" + "|".repeat(900) + "){9}\"]"),
        "can match nothing in too many ways");
    assertRefused(
        list("constraints", 1, "[\"a\", \"LIKE\", \"" + "(".repeat(1000) + "\"]"),
        "regular expression");
  }

  @Test
  void amountsHaveBounds() {
    assertRefused("\"cpus\": 1e308", "expected 100000.0 or less");
    assertRefused("\"mem\": -1", "expected 0.0 or more");
    assertRefused("\"gpus\": 1e308", "");
    assertRefused(
        "\"scheduling\": {\"spread\": [{\"attribute\": \"a\", \"maxSkew\": 1000001}]}", "or less");
  }

  @Test
  void anAttributeThatNoNodeHasIsWaitedFor() {
    var answer =
        caller.post(
            "/v2/apps",
            "{\"id\": \"/a\", \"cmd\": \"run\", \"constraints\": [[\"zoen\", \"IS\", \"b\"]]}");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(caller.get("/v2/queue").json().toString())
        .contains("\"reason\":\"UnfulfilledConstraint\",\"declined\":");
  }
}
