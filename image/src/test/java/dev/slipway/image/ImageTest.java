package dev.slipway.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTest {
  private static final Pattern LAYER = Pattern.compile("[0-9a-f]{64}\\.tar\\.gz");
  private static final int EXECUTABLE = 0755;

  @TempDir Path home;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void build() throws Exception {
    SmallImage.writeBuild(home);
    SmallImage.writeBase(home.resolve("base.tar"));
  }

  private int run(String... arguments) {
    return Main.run(home, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  private Path image(String file) {
    Path target = home.resolve(file);
    int code = run("--base", "tar:" + home.resolve("base.tar"), "--to", "tar:" + target);
    assertThat(code).as(err.toString()).isZero();
    return target;
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Entry(byte[] bytes, int mode) {}

  private static Entry entry(Map<String, Entry> entries, String name) {
    return Objects.requireNonNull(entries.get(name), name);
  }

  private static Map<String, Entry> entries(InputStream tar) throws IOException {
    var found = new TreeMap<String, Entry>();
    try (var archive = new TarArchiveInputStream(tar)) {
      for (var entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
        if (entry.isFile()) {
          found.put(entry.getName(), new Entry(archive.readAllBytes(), entry.getMode() & 0777));
        }
      }
    }
    return found;
  }

  @Test
  void librariesAndOurOwnJarsAreLayersOfTheirOwnOnTheBase() throws IOException {
    Map<String, Entry> image = entries(Files.newInputStream(image("slipway.tar")));
    String manifest = new String(entry(image, "manifest.json").bytes(), UTF_8);
    assertThat(manifest).contains("\"slipway:latest\"");
    var layers = new ArrayList<List<String>>();
    Matcher layer = LAYER.matcher(manifest);
    while (layer.find()) {
      InputStream packed = new ByteArrayInputStream(entry(image, layer.group()).bytes());
      layers.add(List.copyOf(entries(new GZIPInputStream(packed)).keySet()));
    }
    assertThat(layers)
        .containsExactly(
            List.of("bin/sh"),
            List.of("slipway/lib/netlib-1.0.jar"),
            List.of("slipway/lib/slipway-cli-1.jar", "slipway/lib/slipway-core-1.jar"),
            List.of("slipway/bin/slipway"));
  }

  @Test
  void itStartsTheServerAndKeepsTheBasesEnvironment() throws IOException {
    Map<String, Entry> image = entries(Files.newInputStream(image("slipway.tar")));
    assertThat(new String(entry(image, "config.json").bytes(), UTF_8))
        .contains("\"Entrypoint\":[\"/slipway/bin/slipway\"]")
        .contains("\"Cmd\":[\"server\"]")
        .contains("PATH=/opt/java/bin:/bin")
        .contains("LC_ALL=C.UTF-8");
  }

  @Test
  void theStartScriptCanBeRun() throws IOException {
    Map<String, Entry> image = entries(Files.newInputStream(image("slipway.tar")));
    String manifest = new String(entry(image, "manifest.json").bytes(), UTF_8);
    String last = LAYER.matcher(manifest).results().toList().getLast().group();
    var packed = new ByteArrayInputStream(entry(image, last).bytes());
    Entry script = entry(entries(new GZIPInputStream(packed)), "slipway/bin/slipway");
    assertThat(script.mode()).isEqualTo(EXECUTABLE);
    assertThat(new String(script.bytes(), UTF_8)).startsWith("#!/bin/sh");
  }

  @Test
  void theSameInputsGiveTheSameImage() throws IOException {
    assertThat(image("second.tar")).hasSameBinaryContentAs(image("first.tar"));
  }

  @Test
  void aBaseThatIsNotThereIsAFailureInOneLine() {
    int code = run("--base", "tar:" + home.resolve("none.tar"), "--to", "tar:" + home.resolve("x"));
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).startsWith("slipway kubernetes image: ").contains("none.tar");
    assertThat(err.toString().strip()).doesNotContain("\n");
  }

  @Test
  void whatIsNoImagesNameIsWrongUsage() {
    assertThat(run("--to", "Not An Image")).isEqualTo(2);
    assertThat(err.toString()).contains("'Not An Image' is not the name of an image");
    assertThat(run("--to", "tar:")).isEqualTo(2);
  }

  @Test
  void withoutABuildItSaysSo() throws IOException {
    Path empty = Files.createDirectory(home.resolve("empty"));
    int code =
        Main.run(
            empty, new PrintWriter(out, true), new PrintWriter(err, true), "--to", "tar:x.tar");
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("run it as ./slipway of a checkout");
  }
}
