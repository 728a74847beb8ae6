package dev.slipway.bench;

import dev.slipway.bench.kubernetes.Assets;
import dev.slipway.bench.kubernetes.ControlPlane;
import dev.slipway.bench.kubernetes.NodeObjects;
import dev.slipway.bench.kubernetes.PodTemplate;
import dev.slipway.bench.kubernetes.RunningPods;
import dev.slipway.cli.Json;
import dev.slipway.server.CommonKeys;
import dev.slipway.testing.PostgresServer;
import dev.slipway.testing.Wire;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Three servers on one journal in PostgreSQL, as processes of their own, on a Kubernetes API whose
/// nodes are objects alone. Each reaches database and API over lines of its own.
final class FailoverServers implements AutoCloseable {
  private static final int COUNT = 3;
  private static final int NODES = 20;
  private static final String HOST = "127.0.0.1";
  private static final String NAMESPACE = "bench";
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final Duration GLANCE = Duration.ofSeconds(1);
  private static final Pattern API = Pattern.compile("https://127\\.0\\.0\\.1:(\\d+)");

  /// One server and its lines.
  record Member(ServerProcess process, Wire database, Wire api) {
    void silence() {
      database.silence();
      api.silence();
    }

    void mend() {
      database.mend();
      api.mend();
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(GLANCE).build();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<Member> members = new ArrayList<>();
  private final RunningPods pods;

  private FailoverServers(Workplace workplace) throws IOException, InterruptedException {
    Assets assets = workplace.kubernetes().requiredAssets();
    PostgresServer database = opened(Postgres.start());
    ControlPlane plane = opened(ControlPlane.start(assets, workplace.freshDirectory("kubernetes")));
    KubernetesClient client = opened(plane.client());
    var namespace =
        new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build();
    client.namespaces().resource(namespace).create();
    NodeObjects.create(client, NODES);
    pods = opened(RunningPods.open(client, NAMESPACE));
    String kubeconfig = Files.readString(plane.kubeconfig());
    Matcher api = API.matcher(kubeconfig);
    if (!api.find()) {
      throw new IOException("the kubeconfig names no API: " + kubeconfig);
    }
    Path keys = workplace.freshDirectory("keys");
    CommonKeys.makeIn(keys);
    for (int number = 0; number < COUNT; number++) {
      Wire toDatabase = opened(Wire.to(HOST, database.port()));
      Wire toApi = opened(Wire.to(HOST, Integer.parseInt(api.group(1))));
      Path own = workplace.freshDirectory("kubeconfig").resolve("kubeconfig");
      Files.writeString(own, api.replaceFirst("https://" + HOST + ":" + toApi.port()));
      ServerProcess process =
          opened(workplace.among(Postgres.place(toDatabase.port(), "bench"), keys, own, NAMESPACE));
      members.add(new Member(process, toDatabase, toApi));
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  /// Starts all and returns once they agree on who leads.
  static FailoverServers start(Workplace workplace) throws IOException, InterruptedException {
    var servers = new FailoverServers(workplace);
    try {
      for (Member member : servers.members) {
        member.process().start();
      }
      // Who has won the lead still looks at its engine before it takes writes.
      servers.change("/first", 0, 0);
      return servers;
    } catch (RuntimeException | InterruptedException failure) {
      servers.close();
      throw failure;
    }
  }

  RunningPods pods() {
    return pods;
  }

  List<URI> addresses() {
    return members.stream().map(member -> member.process().uri()).toList();
  }

  /// What a server says of itself and of who leads; nothing if it does not answer.
  private Optional<Json> view(Member member) throws InterruptedException {
    if (!member.process().isAlive()) {
      return Optional.empty();
    }
    URI asked = member.process().uri().resolve("/api/v1/servers");
    try {
      var answer =
          http.send(
              HttpRequest.newBuilder(asked).timeout(GLANCE).build(), BodyHandlers.ofByteArray());
      return Optional.of(answer)
          .filter(it -> it.statusCode() == 200)
          .map(it -> Json.read(it.body()));
    } catch (IOException silent) {
      return Optional.empty();
    }
  }

  private boolean leads(Member member) throws InterruptedException {
    return view(member)
        .filter(seen -> seen.at("self").at("role").text("").equals("leading"))
        .isPresent();
  }

  /// Waits until one leads and all know it.
  Member agree() throws InterruptedException {
    List<Member> found = new ArrayList<>();
    Wait.until(
        "all servers know one leader",
        DEADLINE,
        () -> {
          found.clear();
          for (Member member : members) {
            if (leads(member)) {
              found.add(member);
            }
          }
          return found.size() == 1 && allKnow(found.getFirst());
        });
    return found.getFirst();
  }

  private boolean allKnow(Member leader) throws InterruptedException {
    String address = leader.process().uri().toString();
    for (Member member : members) {
      boolean knows =
          view(member)
              .filter(seen -> seen.at("leader").at("address").text("").equals(address))
              .isPresent();
      if (!knows) {
        return false;
      }
    }
    return true;
  }

  /// Waits until another one leads.
  void awaitOther(Member old) throws InterruptedException {
    Wait.until(
        "another server leads",
        DEADLINE,
        () -> {
          for (Member member : members) {
            if (!member.equals(old) && leads(member)) {
              return true;
            }
          }
          return false;
        });
  }

  /// Creates or changes an app, and waits until all its instances run.
  void deploy(String id, int instances, int version) throws InterruptedException {
    change(id, instances, version);
    await(
        "all instances of " + id + " run",
        () -> {
          Json app = agree().process().get("/v2/apps" + id).at("app");
          return app.at("tasksRunning").whole() == instances
              && app.at("deployments").items().isEmpty();
        });
  }

  /// Creates or changes an app.
  void change(String id, int instances, int version) throws InterruptedException {
    await(
        "the change of " + id + " is accepted",
        () -> {
          agree().process().put("/v2/apps" + id + "?force=true", app(id, instances, version));
          return true;
        });
  }

  /// Waits while whoever is asked may refuse or go away.
  private static void await(String what, Wait.Condition condition) throws InterruptedException {
    Wait.until(
        what,
        DEADLINE,
        () -> {
          try {
            return condition.holds();
          } catch (IllegalStateException | UncheckedIOException refused) {
            return false;
          }
        });
  }

  private static Json app(String id, int instances, int version) {
    return Json.object(Map.of("id", id, "cmd", PodTemplate.COMMAND, "instances", instances))
        .with("cpus", PodTemplate.CPUS)
        .with("mem", PodTemplate.MEM)
        .with("disk", 0)
        .with("portDefinitions", List.of())
        .with("env", Json.object(Map.of("VERSION", Integer.toString(version))))
        .with(
            "container",
            Json.object(
                Map.of(
                    "type", "DOCKER", "docker", Json.object(Map.of("image", PodTemplate.IMAGE)))));
  }

  @Override
  public void close() {
    for (Member member : members) {
      try {
        member.mend();
        if (member.process().isAlive()) {
          member.process().signal("CONT");
        }
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
      }
    }
    while (!parts.isEmpty()) {
      close(parts.pop());
    }
    http.shutdownNow();
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception leftToTheWorkplace) {
      return;
    }
  }
}
