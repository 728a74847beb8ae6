package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.kubernetes.KubernetesSettings.Allowed;
import dev.slipway.engine.kubernetes.testing.KubernetesCluster;
import dev.slipway.engine.kubernetes.testing.TestNamespace;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  private static Manifest of(String namespace) {
    return new Manifest(
        namespace,
        "registry.example.com/slipway:2",
        Optional.empty(),
        Optional.empty(),
        true,
        Allowed.NOTHING,
        KubeletTrust.VERIFIED,
        ManifestServers.USUAL);
  }

  private static Manifest alone(String namespace) {
    return servers(namespace, new ManifestServers(1, false));
  }

  private static Manifest servers(String namespace, ManifestServers servers) {
    Manifest usual = of(namespace);
    return new Manifest(
        namespace,
        usual.image(),
        usual.storageClass(),
        usual.cacheDirectory(),
        usual.hostPorts(),
        usual.allowed(),
        usual.usage(),
        servers);
  }

  private static Manifest full(boolean hostPorts) {
    return new Manifest(
        "123",
        "slipway:1",
        Optional.of("on"),
        Optional.of(NodePath.parse("/var/cache/slipway")),
        hostPorts,
        new Allowed(true, List.of(NodePath.parse("/srv:ro"))),
        KubeletTrust.OFF,
        new ManifestServers(1, false));
  }

  private static List<HasMetadata> objects(Manifest manifest) {
    assertThat(manifest.text()).doesNotContain("@");
    return Stream.of(manifest.text().split("(?m)^---$"))
        .filter(text -> text.contains("kind:"))
        .<HasMetadata>map(text -> Serialization.unmarshal(text, HasMetadata.class))
        .toList();
  }

  private static <T> T one(Manifest manifest, Class<T> kind) {
    return objects(manifest).stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void itGrantsWhatTheStartAsksForAndNothingElse() {
    Role role = one(of("shop"), Role.class);
    ClusterRole clusterRole = one(of("shop"), ClusterRole.class);
    List<Right> needed = Right.neededBy(KubernetesSettings.DEFAULT);
    assertThat(Stream.concat(role.getRules().stream(), clusterRole.getRules().stream()))
        .containsExactlyElementsOf(
            Stream.concat(
                    needed.stream().filter(right -> right.reach() == Right.Reach.NAMESPACE),
                    needed.stream().filter(right -> right.reach() == Right.Reach.CLUSTER))
                .map(StartCheckTest::rule)
                .toList());
    assertThat(clusterRole.getRules())
        .flatExtracting(rule -> rule.getVerbs())
        .containsOnly("get", "list", "watch");
  }

  @Test
  void namesThatLookLikeSomethingElseStayTexts() {
    Deployment deployment = one(full(true), Deployment.class);
    assertThat(deployment.getMetadata().getNamespace()).isEqualTo("123");
    assertThat(deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs())
        .containsSequence("--kubernetes-namespace", "123")
        .containsSequence("--kubernetes-storage-class", "on")
        .containsSequence("--kubernetes-cache", "/var/cache/slipway")
        .containsSequence("--allow-host-path", "/srv:ro")
        .contains("--kubernetes-allow-privileged")
        .containsSequence("--kubernetes-usage", "off");
  }

  @Test
  void withoutHostPortsKubernetesItselfHoldsAllToTheBaseline() {
    var manifest =
        new Manifest(
            "shop",
            "i",
            Optional.empty(),
            Optional.empty(),
            false,
            Allowed.NOTHING,
            KubeletTrust.OFF,
            ManifestServers.USUAL);
    assertThat(one(manifest, Namespace.class).getMetadata().getLabels())
        .containsEntry("pod-security.kubernetes.io/enforce", "baseline");
    assertThat(one(of("shop"), Namespace.class).getMetadata().getLabels())
        .containsEntry("pod-security.kubernetes.io/enforce", "privileged")
        .containsEntry("pod-security.kubernetes.io/audit", "baseline");
    assertThatThrownBy(() -> full(false)).hasMessageContaining("holds all pods to the baseline");
  }

  @Test
  void oneServerKeepsItsJournalOnAVolume() {
    Deployment deployment = one(alone("shop"), Deployment.class);
    assertThat(deployment.getSpec().getReplicas()).isEqualTo(1);
    assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("Recreate");
    var pod = deployment.getSpec().getTemplate().getSpec();
    assertThat(pod.getVolumes().getFirst().getPersistentVolumeClaim().getClaimName())
        .isEqualTo("slipway");
    assertThat(pod.getContainers().getFirst().getArgs())
        .doesNotContain("--journal", "--advertise", "--keys");
    assertThat(objects(alone("shop"))).hasAtLeastOneElementOfType(PersistentVolumeClaim.class);
    assertThat(alone("shop").text()).doesNotContain("PodDisruptionBudget", "Secret");
  }

  @Test
  void severalServersShareADatabaseAndStandApart() {
    Deployment deployment = one(of("shop"), Deployment.class);
    assertThat(deployment.getSpec().getReplicas()).isEqualTo(3);
    var pod = deployment.getSpec().getTemplate().getSpec();
    assertThat(
            pod.getAffinity()
                .getPodAntiAffinity()
                .getPreferredDuringSchedulingIgnoredDuringExecution())
        .extracting(term -> term.getPodAffinityTerm().getTopologyKey())
        .containsExactly("kubernetes.io/hostname", "topology.kubernetes.io/zone");
    var server = pod.getContainers().getFirst();
    assertThat(server.getArgs())
        .containsSequence("--journal", "$(SLIPWAY_JOURNAL_URL)")
        .containsSequence("--advertise", "http://$(SLIPWAY_POD_ADDRESS):8080")
        .noneMatch(word -> word.contains("PASSWORD"));
    assertThat(server.getEnv())
        .filteredOn(variable -> variable.getName().equals("SLIPWAY_JOURNAL_PASSWORD"))
        .singleElement()
        .satisfies(
            password ->
                assertThat(password.getValueFrom().getSecretKeyRef().getName())
                    .isEqualTo("slipway-journal"));
    assertThat(server.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/ping");
    assertThat(objects(of("shop")))
        .doesNotHaveAnyElementsOfTypes(PersistentVolumeClaim.class)
        .hasAtLeastOneElementOfType(
            io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget.class);
    assertThat(of("shop").text())
        .contains("kubectl create namespace shop", "kubectl --namespace shop create secret");
  }

  @Test
  void olderClustersHaveTheirBudgetsInAnotherApi() {
    assertThat(servers("shop", ManifestServers.USUAL.onCluster("1.20")).text())
        .contains("apiVersion: policy/v1beta1");
    assertThat(servers("shop", ManifestServers.USUAL.onCluster("1.21")).text())
        .contains("apiVersion: policy/v1\n");
    assertThatThrownBy(() -> ManifestServers.USUAL.onCluster("1.19"))
        .hasMessage("Kubernetes 1.19 is too old; 1.20 is the oldest");
    assertThatThrownBy(() -> ManifestServers.USUAL.onCluster("new"))
        .hasMessageContaining("is like 1.20, not 'new'");
    assertThatThrownBy(() -> new ManifestServers(0, false))
        .hasMessageContaining("1 to 9 servers, not 0");
  }

  @Nested
  class OnACluster {
    @RegisterExtension static final TestNamespace NAMESPACE = new TestNamespace("manifest");

    @Test
    void appliedItGivesExactlyTheRightsThatTheStartAsksFor(@TempDir Path directory)
        throws IOException, InterruptedException {
      String name = NAMESPACE.name();
      String version =
          NAMESPACE.client().getKubernetesVersion().getMinor().replaceAll("[^0-9].*", "");
      Manifest manifest = servers(name, ManifestServers.USUAL.onCluster("1." + version));
      Path file = Files.writeString(directory.resolve("manifest.yaml"), manifest.text());
      Path ofOne = Files.writeString(directory.resolve("one.yaml"), alone(name).text());
      try {
        kubectl("apply", "--dry-run=server", "-f", ofOne.toString());
        kubectl("apply", "--dry-run=server", "-f", file.toString());
        kubectl("apply", "-f", file.toString());
        try (KubernetesClient slipway = asServiceAccount(name)) {
          Awaitility.await()
              .atMost(Duration.ofSeconds(20))
              .untilAsserted(
                  () ->
                      assertThatCode(
                              () -> StartCheck.run(slipway, name, KubernetesSettings.DEFAULT))
                          .doesNotThrowAnyException());
          assertThatThrownBy(
                  () ->
                      StartCheck.run(
                          slipway, name, KubernetesSettings.DEFAULT.withStorageClass("fast")))
              .hasMessageContaining("persistentvolumeclaims in namespace " + name)
              .hasMessageContaining("get storageclasses.storage.k8s.io in the whole cluster");
        }
      } finally {
        kubectl("delete", "clusterrolebinding,clusterrole", "slipway-" + name);
      }
    }

    private static KubernetesClient asServiceAccount(String namespace) {
      String token =
          NAMESPACE
              .client()
              .serviceAccounts()
              .inNamespace(namespace)
              .withName("slipway")
              .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
              .getStatus()
              .getToken();
      Config admin = NAMESPACE.client().getConfiguration();
      return new KubernetesClientBuilder()
          .withConfig(
              new ConfigBuilder(Config.empty())
                  .withMasterUrl(admin.getMasterUrl())
                  .withTrustCerts(admin.isTrustCerts())
                  .withDisableHostnameVerification(admin.isTrustCerts())
                  .withCaCertData(admin.getCaCertData())
                  .withCaCertFile(admin.getCaCertFile())
                  .withOauthToken(token)
                  .build())
          .build();
    }

    private static void kubectl(String... words) throws IOException, InterruptedException {
      KubernetesCluster cluster = NAMESPACE.cluster();
      var command = new java.util.ArrayList<String>(List.of(cluster.kubectl()));
      command.add("--kubeconfig=" + cluster.kubeconfig());
      command.addAll(List.of(words));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
    }
  }
}
