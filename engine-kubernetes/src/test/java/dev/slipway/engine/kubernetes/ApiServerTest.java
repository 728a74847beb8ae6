package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.kubernetes.testing.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

/// The API server that the other tests stand on.
class ApiServerTest {
  @Test
  void itKeepsWhatItHasOverARestartAndGivesNoRightsToNobody() {
    try (ApiServer api = ApiServer.start()) {
      api.addNode("n1", 4, 8, 110);
      assertThatThrownBy(() -> api.clientWithoutRights().nodes().list())
          .isInstanceOfSatisfying(
              KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(403));

      api.stopServer();
      assertThatThrownBy(() -> api.client().nodes().list())
          .isInstanceOf(KubernetesClientException.class);
      api.startServer();

      var nodes = api.client().nodes().list().getItems();
      assertThat(nodes)
          .singleElement()
          .satisfies(n -> assertThat(n.getSpec().getTaints()).isEmpty());
    }
  }
}
