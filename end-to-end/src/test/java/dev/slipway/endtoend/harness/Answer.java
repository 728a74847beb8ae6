package dev.slipway.endtoend.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An HTTP answer.
public record Answer(String request, int status, String body, HttpHeaders headers) {
  static final JsonMapper JSON = JsonMapper.shared();

  public JsonNode json() {
    return JSON.readTree(body);
  }

  /// Fails the test if the status is another one.
  public Answer expect(int wanted) {
    assertThat(status).as(request + " answered " + body).isEqualTo(wanted);
    return this;
  }

  public boolean isGood() {
    return status >= 200 && status < 300;
  }

  /// The deployment that the request began.
  public String deployment() {
    return headers
        .firstValue("Marathon-Deployment-Id")
        .orElseThrow(() -> new AssertionError(request + " began no deployment: " + body));
  }
}
