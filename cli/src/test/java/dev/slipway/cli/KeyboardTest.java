package dev.slipway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A [KeyboardTrial] in a terminal that util-linux's `script` makes.
@Timeout(120)
class KeyboardTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Pattern PLACE = Pattern.compile("at (/dev/pts/[0-9]+) as ([0-9]+)");

  @TempDir Path directory;
  private Path output;
  private Process terminal;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(Files.exists(Path.of("/usr/bin/script")), "needs util-linux's script");
    output = directory.resolve("output");
    String trial =
        String.join(
            " ",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp",
            "\"$TRIAL_CLASSES\"",
            KeyboardTrial.class.getName());
    var builder =
        new ProcessBuilder(
                "script",
                "-q",
                "-e",
                "-c",
                "stty rows 23 cols 91; " + trial + "; echo code $?; stty -a",
                "/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("SHELL", "/bin/sh");
    builder.environment().put("TRIAL_CLASSES", System.getProperty("java.class.path"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    terminal = builder.start();
  }

  @AfterEach
  void stop() {
    terminal.destroyForcibly();
  }

  @Test
  void eachKeyComesAsItIsPressedAndCtrlCTooAndTheTerminalIsSetBack() throws Exception {
    awaitSaid("size 91 x 23");
    press("a");
    awaitSaid("key 97\n");
    press("\u0003\u001a\r\u0004\u00e4");
    awaitSaid("key 3\nkey 26\nkey 13\nkey 4\nkey 195\nkey 164\n");
    press("q");
    awaitSaid("closed\ncode 0\n");
    assertThat(settings()).contains("icanon", "isig", "echo", "icrnl");
  }

  @Test
  void anotherSizeIsToldAsTheWindowGetsIt() throws Exception {
    awaitSaid("size 91 x 23");
    String place = place().group(1);
    // The kernel tells only of changes, and the watch takes a moment to begin.
    int[] columns = {120};
    await()
        .atMost(LONG)
        .until(
            () -> {
              columns[0] = columns[0] == 120 ? 121 : 120;
              run("stty", "-F", place, "cols", String.valueOf(columns[0]));
              return said().contains("resized to 12");
            });
    assertThat(said()).containsPattern("resized to 12[01] x 23");
    press("q");
    awaitSaid("code 0");
  }

  @Test
  void atAnyOtherEndTheTerminalIsSetBackToo() throws Exception {
    awaitSaid("size 91 x 23");
    run("kill", "-TERM", place().group(2));
    awaitSaid("code 143");
    assertThat(settings()).contains("icanon", "isig", "echo");
  }

  @Test
  void withoutATerminalAUsualSizeIsTold() {
    try (Keyboard keyboard = Keyboard.open(false)) {
      keyboard.onResize(() -> {});
      assertThat(keyboard.columns()).isEqualTo(80);
      assertThat(keyboard.rows()).isEqualTo(24);
    }
  }

  private void press(String keys) throws IOException {
    terminal.getOutputStream().write(keys.getBytes(UTF_8));
    terminal.getOutputStream().flush();
  }

  private void awaitSaid(String text) {
    await().atMost(LONG).untilAsserted(() -> assertThat(said()).contains(text));
  }

  /// A raw terminal is not told where lines begin, so that they end in more ways than one.
  private String said() throws IOException {
    return Files.readString(output).replace("\r", "");
  }

  private MatchResult place() throws IOException {
    return PLACE.matcher(said()).results().findFirst().orElseThrow();
  }

  /// The words of `stty -a` once all is over; what is off has a `-` before it.
  private List<String> settings() throws Exception {
    assertThat(terminal.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return List.of(said().split("[\\s;]+"));
  }

  private static void run(String... words) throws Exception {
    assertThat(new ProcessBuilder(words).start().waitFor()).isZero();
  }
}
