package dev.slipway.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What is printed for a cluster, without any.
class KubernetesCommandTest {
  private static Run run(String... arguments) {
    return Run.with(Run.PIPE, Map.of(), "", arguments);
  }

  private static String decoded(String yaml, String name) {
    Matcher line = Pattern.compile("(?m)^  " + Pattern.quote(name) + ": (\\S+)$").matcher(yaml);
    assertThat(line.find()).as(name).isTrue();
    return new String(Base64.getDecoder().decode(line.group(1)), US_ASCII);
  }

  @Test
  void theServersAreThreeUnlessSaidOtherwise() {
    assertThat(run("kubernetes", "manifest").out())
        .contains("replicas: 3", "PodDisruptionBudget", "slipway-journal");
    assertThat(run("kubernetes", "manifest", "--replicas", "1").out())
        .contains("replicas: 1", "PersistentVolumeClaim")
        .doesNotContain("PodDisruptionBudget");
    assertThat(run("kubernetes", "manifest", "--cluster-version", "1.20").out())
        .contains("policy/v1beta1");
    Run none = run("kubernetes", "manifest", "--replicas", "0");
    assertThat(none.code()).isEqualTo(Exit.USAGE.code());
    assertThat(none.err()).contains("there are 1 to 9 servers, not 0");
  }

  @Test
  void keysAreASecretAndTheTokenIsToldBesideIt() {
    Run run = run("kubernetes", "keys", "--namespace", "shop");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("name: slipway-keys", "namespace: \"shop\"");
    assertThat(decoded(run.out(), "access-token")).startsWith("sha256:");
    assertThat(decoded(run.out(), "secret.key")).startsWith("slipway-secret-keys 1\n");
    assertThat(Base64.getDecoder().decode(decoded(run.out(), "link.key").strip())).hasSize(32);
    String token = run.err().strip().replaceAll(".* ", "");
    assertThat(token).hasSize(43);
    assertThat(run.out()).doesNotContain(token);
    assertThat(run("kubernetes", "keys", "--namespace", "Not One").code())
        .isEqualTo(Exit.USAGE.code());
  }
}
