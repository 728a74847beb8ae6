package dev.slipway.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.cli.Complaint;
import dev.slipway.cli.Screen;
import dev.slipway.cli.Session;
import dev.slipway.cli.Surroundings;
import dev.slipway.core.node.PortRange;
import dev.slipway.engine.kubernetes.KubeletTrust;
import dev.slipway.engine.kubernetes.KubernetesSettings;
import dev.slipway.server.EngineChoice;
import dev.slipway.server.ServerSettings;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class EngineOptionsTest {
  private static ServerSettings settings(Map<String, String> environment, String... arguments) {
    var command = new ServerCommand(session(environment));
    new CommandLine(command).parseArgs(arguments);
    return command.settings();
  }

  private static Session session(Map<String, String> environment) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    var surroundings =
        new Surroundings(
            environment,
            InputStream.nullInputStream(),
            nowhere,
            nowhere,
            new Screen(false, Screen.UNLIMITED, true));
    return new Session(surroundings);
  }

  private static EngineChoice.Kubernetes kubernetes(
      Map<String, String> environment, String... arguments) {
    return (EngineChoice.Kubernetes) settings(environment, arguments).engine();
  }

  @Test
  void withoutAWordTasksRunOnThisMachine() {
    var choice = (EngineChoice.Local) settings(Map.of(), "--nodes", "3").engine();
    assertThat(choice.offer().nodes()).isEqualTo(3);
  }

  @Test
  void kubernetesAloneTakesTheDefaults() {
    assertThat(kubernetes(Map.of(), "--engine", "kubernetes").settings())
        .isEqualTo(KubernetesSettings.DEFAULT);
  }

  @Test
  void everyOptionIsTold() throws Exception {
    String told = Files.readString(Path.of("..", "docs", "kubernetes.md"));
    var command = new CommandLine(new ServerCommand(session(Map.of())));
    for (var option : command.getCommandSpec().options()) {
      if (option.longestName().startsWith(KubernetesOptions.PREFIX)) {
        String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        assertThat(told).contains("`" + option.longestName() + label + "`");
      }
    }
  }

  @Test
  void optionsArriveWhereTheyBelong() {
    var choice =
        kubernetes(
            Map.of("SLIPWAY_KUBERNETES_NAMESPACE", "hidden"),
            "--engine=kubernetes",
            "--kubernetes-namespace=shop",
            "--kubernetes-context=test",
            "--kubernetes-image=registry.example.com/slipway:2",
            "--kubernetes-pull-secret=hub",
            "--kubernetes-pull-secret=other",
            "--kubernetes-storage-class=fast",
            "--kubernetes-cache=/var/cache/slipway",
            "--kubernetes-gpu=amd.com/gpu",
            "--kubernetes-ports=25000-26000",
            "--kubernetes-usage=insecure",
            "--kubernetes-allow-privileged",
            "--allow-host-path=/srv/data:ro",
            "--kubernetes-server=http://10.0.0.5:8080");
    KubernetesSettings settings = choice.settings();
    assertThat(settings.access().namespace()).contains("shop");
    assertThat(settings.access().context()).contains("test");
    assertThat(settings.images().fetch()).isEqualTo("registry.example.com/slipway:2");
    assertThat(settings.images().base()).isEqualTo("registry.example.com/slipway:2");
    assertThat(settings.images().pullSecrets()).containsExactly("hub", "other");
    assertThat(settings.storageClass()).contains("fast");
    assertThat(settings.cacheDirectory().orElseThrow().path()).hasToString("/var/cache/slipway");
    assertThat(settings.offer().gpuResource()).isEqualTo("amd.com/gpu");
    assertThat(settings.offer().dynamicPorts()).isEqualTo(new PortRange(25_000, 26_000));
    assertThat(settings.usage()).isEqualTo(KubeletTrust.INSECURE);
    assertThat(settings.allowed().privileged()).isTrue();
    assertThat(settings.allowed().paths()).hasSize(1);
    assertThat(choice.server()).contains(URI.create("http://10.0.0.5:8080"));
  }

  @Test
  void theEnvironmentSaysWhatOptionsDoNot() {
    var settings =
        kubernetes(
                Map.of(
                    "SLIPWAY_ENGINE", "kubernetes",
                    "SLIPWAY_KUBERNETES_NAMESPACE", "shop",
                    "SLIPWAY_KUBERNETES_STORAGE_CLASS", "fast",
                    "SLIPWAY_KUBERNETES_PULL_SECRET", "hub, other",
                    "SLIPWAY_KUBERNETES_BASE_IMAGE", "local/base:1",
                    "SLIPWAY_KUBERNETES_USAGE", "off"))
            .settings();
    assertThat(settings.access().namespace()).contains("shop");
    assertThat(settings.storageClass()).contains("fast");
    assertThat(settings.images().pullSecrets()).containsExactly("hub", "other");
    assertThat(settings.images().base()).isEqualTo("local/base:1");
    assertThat(settings.usage()).isEqualTo(KubeletTrust.OFF);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--engine nomad | --engine is local or kubernetes, not 'nomad'",
        "--kubernetes-namespace shop | --kubernetes-namespace goes with --engine kubernetes only",
        "--engine kubernetes --nodes 2 --gpus 1 | --nodes, --gpus go with --engine local only",
        "--engine kubernetes --kubernetes-namespace A | 'A' is no name of a namespace",
        "--engine kubernetes --kubernetes-ports 5 | '5' is no range of ports",
        "--engine kubernetes --kubernetes-ports 9-x | '9-x' is no range of ports",
        "--engine kubernetes --kubernetes-usage all | --kubernetes-usage is verified, insecure or",
        "--engine kubernetes --kubernetes-server 10.0.0.5:1 | --kubernetes-server is an address",
        "--engine kubernetes --kubernetes-cache cache | whole path",
        "--engine kubernetes --allow-host-path srv | whole path",
        "--nodes 65 | nodes lies within 1 to 64",
        "--dedicated x | cannot be dedicated to 'x'"
      })
  void whatIsWrongIsSaidBeforeAnythingStarts(String arguments, String message) {
    assertThatThrownBy(() -> settings(Map.of(), arguments.split(" ")))
        .isInstanceOf(Complaint.class)
        .hasMessageContaining(message);
  }

  @Test
  void aServersOwnJournalIsInItsDataDirectory() {
    assertThatThrownBy(
            () -> settings(Map.of(), "--data", "/srv/slipway", "--journal", "sqlite:/srv/other"))
        .isInstanceOf(Complaint.class)
        .hasMessageContaining("name that with --data");
  }

  @Test
  void aSharedJournalIsNotForTasksOfOneMachine() {
    assertThatThrownBy(() -> settings(Map.of("SLIPWAY_JOURNAL", "jdbc:postgresql://db/slipway")))
        .isInstanceOf(Complaint.class)
        .hasMessageContaining("run them with --engine kubernetes");
  }
}
