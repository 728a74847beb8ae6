package dev.slipway.endtoend.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import dev.slipway.endtoend.harness.Client;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.FreePort;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.Tasks;
import dev.slipway.endtoend.kubernetes.PodHistory;
import dev.slipway.engine.kubernetes.testing.KubernetesCluster;
import dev.slipway.engine.kubernetes.testing.TestNamespace;
import dev.slipway.server.CommonKeys;
import dev.slipway.testing.PostgresServer;
import dev.slipway.testing.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/// Three servers on one journal in PostgreSQL, whose tasks are pods of one namespace, for all tests
/// of a class. Each reaches database and Kubernetes over wires of its own. After each test all
/// three are well again and agree on who leads; nobody must ever have seen that a task ran twice.
final class Servers
    implements ExecutionCondition, BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final int COUNT = 3;

  /// Of the journal, in the database.
  static final String SCHEMA = "servers";

  private final String name;
  private final boolean replicated;
  private final TestNamespace namespace;
  private final List<Member> members = new ArrayList<>();
  private final List<PostgresServer> databases = new ArrayList<>();
  private final List<PostgresServer> lost = new ArrayList<>();
  private @Nullable Path directory;
  private @Nullable PodHistory history;
  private @Nullable Workload workload;

  private Servers(String name, boolean replicated) {
    this.name = "availability-" + name;
    this.replicated = replicated;
    this.namespace = new TestNamespace(name);
  }

  /// @param name of their logs and namespace
  static Servers on(String name) {
    return new Servers(name, false);
  }

  /// The same on a database that a replica follows.
  static Servers withReplica(String name) {
    return new Servers(name, true);
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return namespace.evaluateExecutionCondition(context);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    databases.add(
        PostgresServer.startFresh()
            .orElseThrow(() -> new TestAbortedException("PostgreSQL's programs are not here")));
    if (replicated) {
      databases.add(databases.getFirst().replica());
    }
    namespace.beforeAll(context);
    // Another cluster's certificate is not for the address of a wire.
    cluster().script();
    history = new PodHistory(cluster().client(), namespace.name());
    directory = Files.createTempDirectory("slipway-servers-");
    CommonKeys.makeIn(Files.createDirectory(keys()));
    for (int number = 1; number <= COUNT; number++) {
      members.add(prepare(name + "-" + number));
    }
    start(members);
    awaitAgreement();
    workload = new Workload(this);
  }

  private Member prepare(String member) throws IOException {
    List<Wire> wires =
        databases.stream().map(database -> Wire.to("127.0.0.1", database.port())).toList();
    URI api = cluster().api();
    Wire wire = Wire.to(api.getHost(), api.getPort() < 0 ? 443 : api.getPort());
    String listen = "127.0.0.1:" + FreePort.findForLong();
    Path below = Files.createDirectory(here().resolve(member));
    Path kubeconfig = below.resolve("kubeconfig");
    Files.writeString(kubeconfig, kubeconfigOver(wire));
    Path password = Files.writeString(below.resolve("password"), PostgresServer.PASSWORD);
    RunningServer server =
        RunningServer.prepareAt(
            listen,
            member,
            "--journal=" + journal(wires),
            "--journal-schema=" + SCHEMA,
            "--journal-password-file=" + password,
            "--advertise=http://" + listen,
            "--name=" + member,
            "--keys=" + keys(),
            "--engine=kubernetes",
            "--kubernetes-kubeconfig=" + kubeconfig,
            "--kubernetes-namespace=" + namespace.name(),
            "--kubernetes-base-image=" + cluster().image(),
            "--kubernetes-ports=25000-29999",
            "--kubernetes-usage=off");
    return new Member(member, URI.create("http://" + listen), server, wires, wire);
  }

  /// The cluster's, by way of a wire.
  private String kubeconfigOver(Wire wire) throws IOException {
    String direct = Files.readString(cluster().kubeconfig());
    String over =
        direct.replace(
            "https://" + cluster().api().getAuthority(), "https://127.0.0.1:" + wire.port());
    assertThat(over).as("the way to the API").isNotEqualTo(direct);
    return over;
  }

  private String journal(List<Wire> wires) {
    List<String> hosts = wires.stream().map(wire -> "127.0.0.1:" + wire.port()).toList();
    String primary = replicated ? "&targetServerType=primary" : "";
    return PostgresServer.url(String.join(",", hosts), primary);
  }

  /// Where what the servers have in common lies.
  private Path keys() {
    return here().resolve("keys");
  }

  private Path here() {
    return Objects.requireNonNull(directory, "nothing runs outside of tests");
  }

  KubernetesCluster cluster() {
    return namespace.cluster();
  }

  String namespace() {
    return namespace.name();
  }

  PodHistory pods() {
    return Objects.requireNonNull(history, "nobody watches outside of tests");
  }

  /// What runs while something fails.
  Workload workload() {
    return Objects.requireNonNull(workload, "nothing runs outside of tests");
  }

  /// The database, first of the primary and its replica.
  PostgresServer database() {
    return databases.getFirst();
  }

  PostgresServer replica() {
    return databases.get(1);
  }

  /// The primary dies for good, so that its replica is the database from now on.
  void losePrimary() {
    PostgresServer dead = databases.removeFirst();
    lost.add(dead);
    dead.kill();
  }

  /// The database gets a replica again, which is found where the dead one was.
  void replicateAgain() {
    PostgresServer fresh = database().replica();
    databases.add(fresh);
    members.stream()
        .flatMap(member -> member.databases().stream())
        .forEach(wire -> wire.leadTo(fresh.port(), lost.getLast().port()));
  }

  /// Starts servers side by side, each on a thread of its own: in the pool that streams share, HTTP
  /// clients answer.
  static void start(List<Member> members) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture.allOf(
              members.stream()
                  .map(member -> CompletableFuture.runAsync(member.server()::start, threads))
                  .toArray(CompletableFuture<?>[]::new))
          .join();
    }
  }

  List<Member> members() {
    return List.copyOf(members);
  }

  List<Member> others(Member one) {
    return members.stream().filter(member -> !member.equals(one)).toList();
  }

  /// Who says that it leads.
  Optional<Member> leading() {
    return members.stream()
        .filter(member -> member.server().isAlive())
        .filter(Member::leads)
        .findFirst();
  }

  /// Waits until somebody leads.
  Member leader() {
    return found("a server leads", this::leading);
  }

  /// Waits until another one leads.
  Member leaderAfter(Member old) {
    return found(
        "another server leads", () -> others(old).stream().filter(Member::leads).findFirst());
  }

  /// Who is found may not be a moment later: nobody looks a second time.
  private static Member found(String what, Supplier<Optional<Member>> look) {
    List<Member> found = new ArrayList<>();
    Eventually.so(
        what,
        () -> {
          look.get().ifPresent(found::add);
          return !found.isEmpty();
        });
    return found.getFirst();
  }

  /// A client of somebody who leads now.
  Client client() {
    return leader().client();
  }

  /// An app's tasks as the leader tells them.
  Tasks tasks(String app) {
    return Tasks.of(client(), app);
  }

  /// Some server has told each of these tasks as one that nothing recorded knows.
  void assertToldAsStrays(Collection<String> tasks) {
    for (String task : tasks) {
      Eventually.so(
          task + " is told as a stray",
          () ->
              members.stream()
                  .flatMap(member -> member.server().log().lines())
                  .anyMatch(line -> line.contains("task.stray") && line.contains(task)));
    }
  }

  /// Waits until one leads and all know it.
  Member awaitAgreement() {
    Eventually.so(
        "all servers know one leader",
        () -> {
          List<Member> leading = members.stream().filter(Member::leads).toList();
          return leading.size() == 1
              && members.stream()
                  .allMatch(
                      member ->
                          member
                              .knownLeader()
                              .equals(Optional.of(leading.getFirst().address().toString())));
        });
    return leader();
  }

  /// Clients that write through all servers from now on.
  Writers writers(String group) {
    return Writers.through(members.stream().map(Member::address).toList(), group);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      members.forEach(member -> member.server().showLog());
    }
    members.forEach(Member::restore);
    awaitAgreement();
    pods().assertNothingRanTwice();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    try (PodHistory watched = history;
        Closing _ = new Closing(members)) {
      if (watched != null) {
        watched.assertNothingRanTwice();
      }
    } finally {
      databases.reversed().forEach(PostgresServer::close);
      lost.forEach(PostgresServer::close);
      namespace.afterAll(context);
      remove();
    }
  }

  /// Closes all members, also after one of them has told of a fault.
  private record Closing(List<Member> members) implements AutoCloseable {
    @Override
    public void close() {
      assertAll(members.stream().map(member -> member::close));
    }
  }

  private void remove() {
    if (directory == null) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
