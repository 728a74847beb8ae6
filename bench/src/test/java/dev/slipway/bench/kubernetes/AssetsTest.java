package dev.slipway.bench.kubernetes;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssetsTest {
  @TempDir Path directory;

  @Test
  void programsThatAreNotThereAreAllNamed() {
    assertThatThrownBy(() -> new Assets(directory).require("etcd", "kube-scheduler"))
        .isInstanceOf(MissingException.class)
        .hasMessage(
            "%s, which $KUBEBUILDER_ASSETS names, has no etcd and no kube-scheduler", directory);
  }
}
