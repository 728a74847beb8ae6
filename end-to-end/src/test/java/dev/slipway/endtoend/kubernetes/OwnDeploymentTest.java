package dev.slipway.endtoend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Client;
import dev.slipway.endtoend.harness.CommandRun;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.engine.kubernetes.testing.TestNamespace;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Slipway in the cluster, out of its own manifest and with the rights of its own service account.
///
/// The cluster of these tests has no scheduler, no provisioner of volumes and no proxy for
/// Services; what each would do is done here: a node is named, a volume is there, the API's address
/// is given.
@ResourceLock(value = Locks.CLUSTER, mode = ResourceAccessMode.READ)
class OwnDeploymentTest {
  @RegisterExtension static final TestNamespace NAMESPACE = new TestNamespace("own");

  private static final String CERTIFICATE = "api-certificate";
  private static final Pattern TOKEN = Pattern.compile("(?m)^  (\\S{20,})$");
  private static final List<HasMetadata> OF_THE_CLUSTER = new ArrayList<>();

  @TempDir private static Path disk;

  @BeforeAll
  static void apply() throws IOException, GeneralSecurityException {
    NAMESPACE.cluster().script();
    Files.setPosixFilePermissions(disk, PosixFilePermissions.fromString("rwxrwxrwx"));
    keep(volume());
    keep(certificate());
    CommandRun manifest =
        CommandRun.of(
            Map.of(),
            "kubernetes",
            "manifest",
            "--namespace=" + NAMESPACE.name(),
            "--image=" + SlipwayImage.name(),
            "--usage=insecure",
            "--replicas=1",
            "--cluster-version=1.20");
    assertThat(manifest.code()).as(manifest.err()).isZero();
    var text = new ByteArrayInputStream(manifest.out().getBytes(StandardCharsets.UTF_8));
    for (HasMetadata item : client().load(text).items()) {
      keep(item instanceof Deployment deployment ? completed(deployment) : item);
    }
  }

  /// The server writes into the directory of this test until its pod is gone.
  @AfterAll
  static void endTheServerAndRemoveWhatIsNotOfTheNamespace() {
    try {
      client().apps().deployments().inNamespace(NAMESPACE.name()).delete();
      Eventually.so("the server is gone", () -> servers().isEmpty());
    } finally {
      client().resourceList(OF_THE_CLUSTER).delete();
    }
  }

  private static List<Pod> servers() {
    return client()
        .pods()
        .inNamespace(NAMESPACE.name())
        .withLabel("app.kubernetes.io/component", "server")
        .list()
        .getItems();
  }

  @Test
  void itRunsAppsAndFindsThemAgainAfterItWasReplaced() {
    Pod first = awaitReady("");
    String token = token(first);
    try (var history = new PodHistory(client(), NAMESPACE.name())) {
      new Client(address(first), token)
          .post("/v2/apps", App.sleeping("/inside").with("instances", 3))
          .expect(201);
      Eventually.so("three run", () -> history.running("/inside").size() == 3);
      var before = history.running("/inside");

      client().resource(first).delete();
      Pod second = awaitReady(first.getMetadata().getUid());

      var api = new Client(address(second), token);
      Eventually.soDespiteSilence(
          "they are found again",
          () -> api.json("/v2/apps/inside").path("app").path("tasksRunning").asInt() == 3);
      assertThat(history.running("/inside")).isEqualTo(before);

      api.delete("/v2/apps/inside").expect(200);
      Eventually.so("all have ended", () -> history.running("/inside").isEmpty());
    }
  }

  /// The pod of the server once it is ready; not the one of this identity.
  private static Pod awaitReady(String other) {
    List<Pod> found = new ArrayList<>();
    Eventually.so(
        "the server is ready",
        () -> {
          found.clear();
          servers().stream()
              .filter(Readiness::isPodReady)
              .filter(pod -> !pod.getMetadata().getUid().equals(other))
              .forEach(found::add);
          return found.size() == 1;
        });
    return found.getFirst();
  }

  private static String token(Pod pod) {
    String log = client().pods().resource(pod).getLog();
    Matcher line = TOKEN.matcher(log);
    assertThat(line.find()).as(log).isTrue();
    return line.group(1);
  }

  private static URI address(Pod pod) {
    return URI.create("http://" + pod.getStatus().getPodIP() + ":8080");
  }

  private static Deployment completed(Deployment deployment) {
    URI api = NAMESPACE.cluster().api();
    return new DeploymentBuilder(deployment)
        .editSpec()
        .editTemplate()
        .editSpec()
        .withNodeName(NAMESPACE.cluster().nodes().getFirst())
        .editMatchingVolume(volume -> volume.getName().equals("credentials"))
        .editProjected()
        .editMatchingSource(source -> source.hasConfigMap())
        .editConfigMap()
        .withName(CERTIFICATE)
        .endConfigMap()
        .endSource()
        .endProjected()
        .endVolume()
        .editFirstContainer()
        .addNewEnv()
        .withName("KUBERNETES_SERVICE_HOST")
        .withValue(api.getHost())
        .endEnv()
        .addNewEnv()
        .withName("KUBERNETES_SERVICE_PORT")
        .withValue(Integer.toString(api.getPort()))
        .endEnv()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  /// What the API shows whoever connects; its last part is the authority that signed it.
  private static ConfigMap certificate() throws IOException, GeneralSecurityException {
    URI api = NAMESPACE.cluster().api();
    var text = new StringBuilder();
    var anything = SSLContext.getInstance("TLS");
    anything.init(null, new TrustManager[] {new Anything()}, null);
    try (var socket =
        (SSLSocket) anything.getSocketFactory().createSocket(api.getHost(), api.getPort())) {
      for (Certificate each : socket.getSession().getPeerCertificates()) {
        String base64 = Base64.getMimeEncoder().encodeToString(each.getEncoded());
        text.append("-----BEGIN CERTIFICATE-----\n")
            .append(base64)
            .append("\n-----END CERTIFICATE-----\n");
      }
    }
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(CERTIFICATE)
        .withNamespace(NAMESPACE.name())
        .endMetadata()
        .withData(Map.of("ca.crt", text.toString()))
        .build();
  }

  /// Looks at no certificate, since it only asks for one.
  private static final class Anything implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static PersistentVolume volume() {
    return new PersistentVolumeBuilder()
        .withNewMetadata()
        .withName(NAMESPACE.name())
        .endMetadata()
        .withNewSpec()
        .withCapacity(Map.of("storage", new Quantity("5Gi")))
        .withAccessModes("ReadWriteOnce")
        .withNewHostPath()
        .withPath(disk.toString())
        .endHostPath()
        .withNewClaimRef()
        .withNamespace(NAMESPACE.name())
        .withName("slipway")
        .endClaimRef()
        .endSpec()
        .build();
  }

  private static void keep(HasMetadata item) {
    HasMetadata made = client().resource(item).serverSideApply();
    if (made.getMetadata().getNamespace() == null && !made.getKind().equals("Namespace")) {
      OF_THE_CLUSTER.add(made);
    }
  }

  private static KubernetesClient client() {
    return NAMESPACE.client();
  }
}
