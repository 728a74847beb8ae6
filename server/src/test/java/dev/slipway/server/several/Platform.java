package dev.slipway.server.several;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.journal.Journal;
import dev.slipway.journal.PostgresPlace;
import dev.slipway.journal.SharedJournal;
import dev.slipway.journal.SqlJournal;
import dev.slipway.server.EngineParts;
import dev.slipway.server.MemberSettings;
import dev.slipway.server.Server;
import dev.slipway.server.ServerSettings;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Servers of this process that share a journal and a machine.
final class Platform implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  /// One server and its way to the journal.
  record Member(String name, Server server, SharedJournal.Line line) {
    RawClient client() {
      return new RawClient(server.uri().getPort());
    }

    JsonNode read(String path) {
      RawClient.Answer answer = client().get(path);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    boolean leads() {
      return "leading".equals(read("/api/v1/servers").at("/self/role").asString())
          && server.engine().isPresent();
    }

    Optional<String> leader() {
      JsonNode leader = read("/api/v1/servers").at("/leader/name");
      return leader.isMissingNode() ? Optional.empty() : Optional.of(leader.asString());
    }
  }

  final SharedMachine machine;
  private final Path directory;
  private final SharedJournal journal;
  private final Optional<PostgresPlace> database;
  private final ElectionRules rules;
  private final List<Member> members = new ArrayList<>();

  Platform(Path directory, ElectionRules rules) {
    this(directory, new SharedMachine(), rules);
  }

  /// One on many nodes.
  Platform(Path directory, SharedMachine machine, ElectionRules rules) {
    this.machine = machine;
    this.directory = directory;
    this.journal = new SharedJournal(directory);
    this.database = Optional.empty();
    this.rules = rules;
  }

  /// One whose servers record in a PostgreSQL database, each by connections of its own.
  Platform(Path directory, PostgresPlace place, ElectionRules rules) {
    this.machine = new SharedMachine();
    this.directory = directory;
    this.journal = new SharedJournal(directory);
    this.database = Optional.of(place);
    this.rules = rules;
  }

  Member start(String name) throws IOException {
    return start(name, machine);
  }

  /// One whose engine is elsewhere.
  Member start(String name, SharedMachine own) throws IOException {
    SharedJournal.Line line = journal.line();
    Server server =
        Server.start(
            ServerSettings.in(directory.resolve(name))
                .listening("127.0.0.1", 0)
                .with(lock -> database.<Journal>map(SqlJournal::open).orElse(line))
                .with(MemberSettings.DEFAULT.named(name).with(rules).keysIn(directory)),
            why -> {},
            means -> new EngineParts(own.engine(), "none", "localhost", 1));
    var member = new Member(name, server, line);
    members.add(member);
    return member;
  }

  void stop(Member member) {
    members.remove(member);
    member.server().close();
  }

  /// Waits until one leads and all others know it.
  Member leader() {
    return leader(PATIENCE);
  }

  Member leader(Duration atMost) {
    await()
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              List<Member> leading = members.stream().filter(Member::leads).toList();
              return leading.size() == 1
                  && members.stream()
                      .allMatch(one -> one.leader().equals(Optional.of(leading.getFirst().name())));
            });
    return members.stream().filter(Member::leads).findFirst().orElseThrow();
  }

  Member standby() {
    Member leader = leader();
    return members.stream().filter(one -> !one.equals(leader)).findFirst().orElseThrow();
  }

  static String app(String id, int instances) {
    return "{\"id\": \"%s\", \"cmd\": \"sleep 1000\", \"cpus\": 0.1, \"mem\": 16, \"instances\": %d}"
        .formatted(id, instances);
  }

  @Override
  public void close() {
    List.copyOf(members).reversed().forEach(this::stop);
    journal.close();
  }
}
