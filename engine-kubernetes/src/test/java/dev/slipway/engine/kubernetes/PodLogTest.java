package dev.slipway.engine.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.engine.SandboxProblem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs as kubelets tell them, and what they say where they have none.
class PodLogTest {
  @TempDir Path directory = Path.of("");

  private PodLog open(String now, String later, boolean grows) throws IOException {
    return PodLog.open(
        directory,
        "pod",
        new PodLog.Source() {
          @Override
          public InputStream now() {
            return new ByteArrayInputStream(now.getBytes(UTF_8));
          }

          @Override
          public InputStream follow() {
            return new ByteArrayInputStream(later.getBytes(UTF_8));
          }
        },
        grows);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "failed to try resolving symlinks in path \"/var/log/pods/shop_web_4711/task/0.log\": lstat"
            + " /var/log/pods/shop_web_4711/task: no such file or directory",
        "failed to open log file \"/var/log/pods/a/task/0.log\": open /var/log/pods/a/task/0.log:"
            + " no such file or directory",
        "unable to retrieve container logs for containerd://8cdfe489333df0",
        "unable to retrieve container logs for cri-o://8cdfe489333df0",
        "rpc error: code = NotFound desc = an error occurred when try to find container \"a\": not"
            + " found"
      })
  void whatAKubeletSaysInPlaceOfALogIsNoLog(String words) {
    assertThatThrownBy(() -> open(words, "", false))
        .isInstanceOfSatisfying(
            SandboxProblem.class,
            gone -> assertThat(gone.kind()).isEqualTo(SandboxProblem.Kind.MISSING))
        .hasMessage("the log is gone: the node of the task has removed it");
    assertThatThrownBy(() -> open(words, "", true)).hasMessageContaining("none of it yet");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unable to retrieve container logs for containerd://8cdfe489333df0\n",
        "begun\nunable to retrieve container logs for containerd://8cdfe489333df0",
        "unable to retrieve container logs for the app",
        "rpc error: code = NotFound desc = no such user"
      })
  void whatATaskPrintsIsItsLog(String printed) throws IOException {
    try (PodLog log = open(printed, "", false)) {
      assertThat(new String(log.read(0, 1000), UTF_8)).isEqualTo(printed);
    }
  }

  @Test
  void theLogOfATaskThatWasEndedIsNotWhatAKubeletSaysOfIt() throws IOException {
    try (PodLog log = open("", "unable to retrieve container logs for docker://8cdfe4", true)) {
      await().until(log::isOver);
      assertThat(log.size()).isZero();
    }
  }
}
