package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.kubernetes.testing.ApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.VersionInfo;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StartCheckTest {
  private static final String NAMESPACE = "shop";
  private static final KubernetesSettings WITH_VOLUMES =
      KubernetesSettings.DEFAULT.withStorageClass("fast");

  private static ApiServer api;

  @BeforeAll
  static void start() {
    api = ApiServer.start();
    var namespace = new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata();
    api.client().resource(namespace.build()).create();
  }

  @AfterAll
  static void stop() {
    if (api != null) {
      api.close();
    }
  }

  @Test
  void whoMayDoAllMayStart() {
    assertThatCode(() -> StartCheck.run(api.client(), NAMESPACE, KubernetesSettings.DEFAULT))
        .doesNotThrowAnyException();
  }

  @Test
  void aMissingNamespaceIsNamedWithWhatMakesIt() {
    assertThatThrownBy(() -> StartCheck.run(api.client(), "nowhere", WITH_VOLUMES))
        .isInstanceOf(KubernetesRefusal.class)
        .hasMessageContaining("The namespace 'nowhere' does not exist")
        .hasMessageContaining(
            "slipway kubernetes manifest --namespace nowhere --storage-class fast | kubectl apply"
                + " -f -");
  }

  @Test
  void aMissingStorageClassIsNamed() {
    assertThatThrownBy(() -> StartCheck.run(api.client(), NAMESPACE, WITH_VOLUMES))
        .hasMessageContaining("no storage class 'fast'");
  }

  @Test
  void whoMayDoNothingIsToldAllThatIsMissing() {
    assertThatThrownBy(() -> StartCheck.run(api.clientWithoutRights(), NAMESPACE, WITH_VOLUMES))
        .isInstanceOf(KubernetesRefusal.class)
        .hasMessageContaining("get, create, patch, delete pods in namespace " + NAMESPACE)
        .hasMessageContaining("get, create, update leases.coordination.k8s.io in namespace")
        .hasMessageContaining("get namespaces in namespace " + NAMESPACE)
        .hasMessageContaining("get nodes/stats in the whole cluster")
        .hasMessageContaining("list, watch pods in the whole cluster")
        .hasMessageContaining("list persistentvolumes in the whole cluster");
  }

  @Test
  void exactlyTheMissingOneIsNamed() {
    Grants grants = Grants.to(api, NAMESPACE, ApiServer.USER_WITHOUT_RIGHTS);
    List<Right> all = Right.neededBy(KubernetesSettings.DEFAULT);
    grants.grant(all);
    assertThatCode(
            () -> StartCheck.run(api.clientWithoutRights(), NAMESPACE, KubernetesSettings.DEFAULT))
        .doesNotThrowAnyException();
    for (Right missing : all.stream().flatMap(Right::single).toList()) {
      grants.grantAllBut(all, missing);
      assertThatThrownBy(
              () ->
                  StartCheck.run(api.clientWithoutRights(), NAMESPACE, KubernetesSettings.DEFAULT))
          .as("without %s", missing)
          .satisfies(
              refusal ->
                  assertThat(
                          String.valueOf(refusal.getMessage())
                              .lines()
                              .filter(line -> line.startsWith("  ")))
                      .hasSize(2)
                      .first()
                      .asString()
                      .startsWith("  " + missing + " in "));
    }
    grants.grant(List.of());
  }

  @Test
  void aTokenThatIsNotKnownIsSaidToBeSo() {
    Config config = new ConfigBuilder(api.configuration()).withOauthToken("wrong").build();
    refused(config).hasMessageContaining("does not know who asks (401)");
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() {
    Config config =
        new ConfigBuilder(api.configuration())
            .withTrustCerts(false)
            .withDisableHostnameVerification(false)
            .build();
    refused(config).hasMessageContaining("its certificate is not trusted");
  }

  @Test
  void whatDoesNotListenIsSaidToBeSo() throws IOException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Config config =
        new ConfigBuilder(api.configuration()).withMasterUrl("https://127.0.0.1:" + port).build();
    refused(config).hasMessageContaining("cannot be reached: nothing accepts connections there");
    Config nowhere =
        new ConfigBuilder(api.configuration()).withMasterUrl("https://no.such.invalid").build();
    refused(nowhere).hasMessageContaining("cannot be reached: no such host");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(Config config) {
    try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
      return assertThatThrownBy(() -> StartCheck.run(client, NAMESPACE, KubernetesSettings.DEFAULT))
          .isInstanceOf(KubernetesRefusal.class);
    }
  }

  @Test
  void anUnknownContextIsNamedBesideThoseThatThereAre() {
    Config config = Config.fromKubeconfig("other", api.kubeconfig().toFile());
    KubernetesSettings settings =
        KubernetesSettings.DEFAULT.withAccess(Access.DEFAULT.withContext("other"));
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      assertThatThrownBy(() -> StartCheck.run(client, NAMESPACE, settings))
          .hasMessage("The kubeconfig has no context 'other', but: test.");
    }
    Config empty = Config.empty();
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(empty).build()) {
      assertThatThrownBy(() -> StartCheck.run(client, NAMESPACE, KubernetesSettings.DEFAULT))
          .hasMessageContaining("No cluster is known");
    }
  }

  @Test
  void versionsAreReadAsCloudsWriteThem() {
    var info = new VersionInfo.Builder().withMajor("1").withMinor("29+").build();
    assertThat(KubernetesVersion.of(info)).isEqualTo(new KubernetesVersion(1, 29));
    assertThat(new KubernetesVersion(1, 19).isOlderThan(KubernetesVersion.OLDEST)).isTrue();
    assertThat(new KubernetesVersion(1, 20).isOlderThan(KubernetesVersion.OLDEST)).isFalse();
    assertThat(new KubernetesVersion(2, 0).isOlderThan(KubernetesVersion.OLDEST)).isFalse();
  }

  static PolicyRule rule(Right right) {
    return new PolicyRuleBuilder()
        .withApiGroups(right.group())
        .withResources(right.resource())
        .withVerbs(right.verbs())
        .build();
  }
}
