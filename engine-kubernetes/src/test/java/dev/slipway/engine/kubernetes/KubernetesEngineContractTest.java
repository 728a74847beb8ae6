package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EngineContract;
import dev.slipway.core.engine.SecretReader;
import dev.slipway.core.engine.TerminalContract;
import dev.slipway.core.node.NodeId;
import dev.slipway.engine.kubernetes.testing.Disturbance;
import dev.slipway.engine.kubernetes.testing.KubernetesCluster;
import dev.slipway.engine.kubernetes.testing.TestNamespace;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The contract of engines, on a real cluster.
class KubernetesEngineContractTest implements EngineContract, TerminalContract {
  @RegisterExtension static final TestNamespace NAMESPACE = new TestNamespace("contract");

  private final String storageClass =
      "slipway-test-" + UUID.randomUUID().toString().substring(0, 8);
  @TempDir Path directory = Path.of("");

  private static List<Disturbance> others = List.of();

  @BeforeAll
  static void leaveOneNode() {
    KubernetesCluster cluster = NAMESPACE.cluster();
    others = cluster.leaveAlone(cluster.nodes().getFirst());
  }

  @AfterAll
  static void bringBackTheOthers() {
    others.forEach(Disturbance::close);
  }

  /// Volumes as an administrator makes them beforehand, two of them for each test.
  @BeforeEach
  void makeVolumes() {
    var client = NAMESPACE.client();
    client
        .resource(
            new StorageClassBuilder()
                .withNewMetadata()
                .withName(storageClass)
                .endMetadata()
                .withProvisioner("kubernetes.io/no-provisioner")
                .withVolumeBindingMode("WaitForFirstConsumer")
                .build())
        .create();
    for (int i = 0; i < 2; i++) {
      String name = storageClass + "-" + i;
      client
          .resource(
              new PersistentVolumeBuilder()
                  .withNewMetadata()
                  .withName(name)
                  .endMetadata()
                  .withNewSpec()
                  .withStorageClassName(storageClass)
                  .withAccessModes("ReadWriteOnce")
                  .addToCapacity("storage", new Quantity("10Mi"))
                  .withPersistentVolumeReclaimPolicy("Retain")
                  .withNewHostPath("/tmp/slipway-test-volumes/" + name, "DirectoryOrCreate")
                  .withNewNodeAffinity()
                  .withNewRequired()
                  .addNewNodeSelectorTerm()
                  .addToMatchExpressions(
                      new NodeSelectorRequirement(
                          "kubernetes.io/hostname", "In", List.of(node().value())))
                  .endNodeSelectorTerm()
                  .endRequired()
                  .endNodeAffinity()
                  .endSpec()
                  .build())
          .create();
    }
  }

  @AfterEach
  void clear() {
    var client = NAMESPACE.client();
    client.pods().inNamespace(NAMESPACE.name()).withGracePeriod(1).delete();
    client.leases().inNamespace(NAMESPACE.name()).delete();
    client.persistentVolumeClaims().inNamespace(NAMESPACE.name()).delete();
    client.persistentVolumes().withName(storageClass + "-0").delete();
    client.persistentVolumes().withName(storageClass + "-1").delete();
    client.storage().v1().storageClasses().withName(storageClass).delete();
    Awaitility.await().atMost(DEADLINE).until(() -> NAMESPACE.pods().isEmpty());
  }

  @Override
  public Engine open(SecretReader secrets) throws Exception {
    KubernetesCluster cluster = NAMESPACE.cluster();
    var settings =
        KubernetesSettings.DEFAULT
            .withAccess(
                Access.DEFAULT.withKubeconfig(cluster.kubeconfig()).inNamespace(NAMESPACE.name()))
            .withImages(TaskImages.DEFAULT.withBase(cluster.image()))
            .withStorageClass(storageClass)
            .withUsage(KubeletTrust.OFF);
    return KubernetesEngine.open(
        settings, new KubernetesEngine.Means(directory, secrets, ArtifactLinks.NONE));
  }

  /// Kubelets tell the state of a pod when they find it changed, about once a second.
  @Override
  public Duration longEnoughToBeSeen() {
    return Duration.ofSeconds(4);
  }

  @Override
  public NodeId node() {
    return new NodeId(NAMESPACE.cluster().nodes().getFirst());
  }
}
