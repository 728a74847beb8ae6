package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class InstallationTest {
  @Test
  void serversAndCommandsAreStartedAsTheScriptDoesIt() throws IOException {
    String script = Files.readString(Checkout.find().resolve("slipway"));
    assertThat(script)
        .contains("options=\"" + String.join(" ", Installation.OPTIONS) + "\"")
        .contains("options=\"$options " + String.join(" ", Installation.COMMAND_OPTIONS) + "\"")
        .contains("options=\"$options " + String.join(" ", Installation.QUIET) + "\"");
  }
}
