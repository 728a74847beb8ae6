package dev.slipway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Client;
import dev.slipway.endtoend.harness.CommandRun;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.Machine;
import dev.slipway.endtoend.harness.Program;
import dev.slipway.endtoend.harness.RunningServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Surroundings in which a server cannot start, or cannot write.
class BadSurroundingsTest {
  private static final int FAILED = 1;
  private static final int REFUSED = 4;
  private static final int UNAVAILABLE = 5;

  @TempDir Path directory;

  @Test
  void aDataDirectoryOrAnAddressThatAnotherServerHasIsRefusedAndThatServerGoesOn() {
    try (var server = RunningServer.start("two-servers")) {
      server.createAndAwait(App.sleeping("/nap"));
      Map<String, Program> before = server.programs();

      CommandRun sameData = serve(server.data(), "127.0.0.1:0");
      assertThat(sameData.code()).isEqualTo(FAILED);
      assertThat(sameData.err())
          .contains("in use by", server.data().toString(), "--data")
          .doesNotContain("\tat ");

      CommandRun sameAddress =
          serve(directory.resolve("other"), "127.0.0.1:" + server.uri().getPort());
      assertThat(sameAddress.code()).isEqualTo(FAILED);
      assertThat(sameAddress.err())
          .contains("127.0.0.1", "" + server.uri().getPort(), "in use", "--listen")
          .doesNotContain("\tat ");

      assertThat(server.programs()).isEqualTo(before);
      assertThat(server.client().get("/health").status()).isEqualTo(200);
    }
    assertThat(Machine.leftovers(directory)).isEmpty();
  }

  @Test
  void aDamagedJournalIsNotStartedFromAndIsMendedByTheJournalCommands() throws IOException {
    try (var server = RunningServer.start("damaged-journal")) {
      server.createAndAwait(App.sleeping("/nap").with("instances", 2));
      Map<String, Program> before = server.programs();
      server.stop();
      Path journal = server.data().resolve("journal.sqlite");
      byte[] sound = Files.readAllBytes(journal);
      damage(journal, sound.length / 2);

      CommandRun refused = serve(server.data(), "127.0.0.1:0");
      CommandRun checked =
          CommandRun.of(Map.of(), "journal", "check", "--data", "" + server.data());

      assertThat(refused.code()).as(refused.out()).isEqualTo(FAILED);
      assertThat(refused.err())
          .contains(journal + " is damaged at ", "slipway journal check")
          .doesNotContain("\tat ");
      assertThat(checked.code()).isEqualTo(FAILED);
      assertThat(checked.out()).contains("journal.sqlite");
      assertThat(server.programs()).as("tasks go on").isEqualTo(before);

      Files.write(journal, sound);
      CommandRun good = CommandRun.of(Map.of(), "journal", "check", "--data", "" + server.data());
      assertThat(good.code()).as(good.out()).isZero();
      server.start();
      Eventually.so("the tasks are found", () -> server.tasks("/nap").running().size() == 2);
      assertThat(server.programs()).isEqualTo(before);
    }
  }

  private static void damage(Path file, int offset) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset / 4096 * 4096L);
      bytes.write(new byte[4096]);
    }
  }

  @Test
  void aFullDiskStopsWritesOnlyAndOnlyUntilThereIsRoom() throws IOException {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    boolean mounted =
        Machine.run("mount", "-t", "tmpfs", "-o", "size=24m,mode=0711", "tmpfs", disk.toString())
            == 0;
    assumeTrue(mounted, "a tmpfs cannot be mounted here");
    try (var server = RunningServer.startIn(disk, "full-disk")) {
      server.createAndAwait(App.sleeping("/nap"));
      Map<String, Program> before = server.programs();
      Path ballast = disk.resolve("ballast");
      fill(ballast);

      Eventually.so("writes are refused", () -> label(server, "full").status() == 503);

      assertThat(label(server, "full").body()).contains("full");
      CommandRun scaled = server.slipway("scale", "/nap=2");
      assertThat(scaled.code()).isEqualTo(UNAVAILABLE);
      assertThat(scaled.err()).contains("full");
      assertThat(server.client().json("/v2/apps/nap").path("app").path("instances").asInt())
          .isEqualTo(1);
      assertThat(server.client().get("/health").status()).isEqualTo(503);
      assertThat(server.programs()).isEqualTo(before);

      Files.delete(ballast);

      Eventually.so("writes are taken again", () -> label(server, "free").isGood());
      Eventually.so("health is good", () -> server.client().get("/health").status() == 200);
      assertThat(
              server
                  .client()
                  .json("/v2/apps/nap")
                  .path("app")
                  .path("labels")
                  .path("disk")
                  .asString())
          .isEqualTo("free");
      server.killHard();
      server.start();
      Eventually.so("the task is found", () -> server.tasks("/nap").running().size() == 1);
    } finally {
      assertThat(Machine.run("umount", disk.toString())).isZero();
    }
  }

  private static dev.slipway.endtoend.harness.Answer label(RunningServer server, String word) {
    String body = App.json(Map.of("labels", Map.of("disk", word, "much", "x".repeat(60_000))));
    return server.client().put("/v2/apps/nap?force=true", body);
  }

  private static void fill(Path ballast) throws IOException {
    try (var out = Files.newOutputStream(ballast)) {
      byte[] block = new byte[4096];
      while (Files.getFileStore(ballast).getUsableSpace() > 0) {
        out.write(block);
      }
    } catch (java.nio.file.FileSystemException full) {
      return;
    }
  }

  @Test
  void onAnyAddressButLoopbackATokenIsDemanded() {
    try (var server = RunningServer.startAt("0.0.0.0:0", "token")) {
      String token = server.announcedToken();
      var stranger = new Client(server.uri());
      assertThat(stranger.get("/v2/apps").status()).isEqualTo(401);
      assertThat(stranger.post("/v2/apps", App.sleeping("/nap")).status()).isEqualTo(401);
      assertThat(new Client(server.uri(), token + "x").get("/v2/apps").status()).isEqualTo(401);
      assertThat(new Client(server.uri(), token).get("/v2/apps").status()).isEqualTo(200);

      Map<String, String> url = Map.of("SLIPWAY_URL", server.uri().toString());
      CommandRun without = CommandRun.of(url, "apps");
      assertThat(without.code()).isEqualTo(REFUSED);
      assertThat(without.err()).contains("wants a token", "SLIPWAY_TOKEN");
      CommandRun with =
          CommandRun.of(
              Map.of("SLIPWAY_URL", server.uri().toString(), "SLIPWAY_TOKEN", token), "apps");
      assertThat(with.code()).as(with.err()).isZero();
      assertThat(server.log()).doesNotContain(token);
    }
  }

  @Test
  void theCommandSaysThatNoServerAnswersAndHowToMendIt() throws IOException {
    String url;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      url = URI.create("http://127.0.0.1:" + free.getLocalPort()).toString();
    }
    CommandRun run = CommandRun.of(Map.of("SLIPWAY_URL", url), "apps");
    assertThat(run.code()).isEqualTo(UNAVAILABLE);
    assertThat(run.err()).contains(url, "slipway server").doesNotContain("\tat ");
  }

  private static CommandRun serve(Path data, String listen) {
    return CommandRun.of(Map.of(), "server", "--data", data.toString(), "--listen", listen);
  }
}
