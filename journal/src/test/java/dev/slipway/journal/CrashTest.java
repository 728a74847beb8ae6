package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {
  private static final int KILLS = 10;

  @TempDir Path directory;

  @Test
  @Timeout(300)
  void noAcknowledgedEventIsLostWhenTheProcessIsKilled() throws Exception {
    var random = new Random();
    long acknowledged = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      acknowledged = Math.max(acknowledged, killedAfter(1 + random.nextInt(200)));

      try (var lock = DirectoryLock.acquire(directory);
          var journal = SqlJournal.open(lock)) {
        Recovered recovered = journal.recover();
        assertThat(recovered.sequence()).as("kill %d", kill).isGreaterThanOrEqualTo(acknowledged);
        assertThat(recovered.epoch().value()).isGreaterThanOrEqualTo(kill + 1L);
        assertThat(recovered.warnings()).isEmpty();
        acknowledged = recovered.sequence();
      }
    }
  }

  /// Lets a process append, kills it after so many acknowledgements, and gives the last one.
  private long killedAfter(int acknowledgements) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    AppendForever.class.getName(),
                    directory.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long last = 0;
    try (var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      int lines = 0;
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        last = Long.parseLong(line);
        lines++;
        if (lines == acknowledgements) {
          // SIGKILL, and by the handle: the process itself would close its output, unread.
          process.toHandle().destroyForcibly();
        }
      }
      assertThat(lines).as("acknowledgements").isGreaterThanOrEqualTo(acknowledgements);
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    return last;
  }
}
