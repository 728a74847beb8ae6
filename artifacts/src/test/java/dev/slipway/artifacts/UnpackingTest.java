package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.core.app.Fetch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackingTest {
  @TempDir Path directory;

  private Workbench bench;

  @BeforeEach
  void open() throws IOException {
    bench = new Workbench(directory);
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  private static void sample(Archives.Tar tar) throws IOException {
    tar.directory("./", 0755)
        .directory("bin", 0755)
        .file("bin/run", "#!/bin/sh\n".getBytes(UTF_8), 0755)
        .file("lib/deep/x.txt", "x")
        .link("bin/latest", "../lib/deep/x.txt");
  }

  private void assertSample() throws IOException {
    assertThat(bench.files())
        .containsExactly(
            entry("bin", "dir"),
            entry("bin/latest", "-> ../lib/deep/x.txt"),
            entry("bin/run", "#!/bin/sh\n"),
            entry("lib", "dir"),
            entry("lib/deep", "dir"),
            entry("lib/deep/x.txt", "x"));
    assertThat(bench.mode("bin/run")).isEqualTo("rwxr-xr-x");
    assertThat(bench.mode("lib/deep/x.txt")).isEqualTo("rw-r--r--");
    bench.assertNothingLeft();
  }

  @Test
  void everyTarFormatIsUnpacked() throws Exception {
    bench.unpack("a.tar", Archives.tar(UnpackingTest::sample));
    assertSample();
    bench.unpack("a.tar.gz", Archives.tarGz(UnpackingTest::sample));
    bench.unpack("a.tgz", Archives.tarGz(UnpackingTest::sample));
    bench.unpack("a.tar.bz2", Archives.tarBz2(UnpackingTest::sample));
    bench.unpack("a.tbz2", Archives.tarBz2(UnpackingTest::sample));
    bench.unpack("a.tar.xz", Archives.tarXz(UnpackingTest::sample));
    bench.unpack("a.txz", Archives.tarXz(UnpackingTest::sample));
    assertSample();
  }

  @Test
  void aZipIsUnpackedWithItsModesAndLinks() throws Exception {
    byte[] zip =
        Archives.zip(
            out -> {
              Archives.zipEntry(out, "bin/", 0755, new byte[0]);
              Archives.zipEntry(out, "bin/run", 0100755, "#!/bin/sh\n".getBytes(UTF_8));
              Archives.zipEntry(out, "bin/latest", 0120777, "../lib/deep/x.txt".getBytes(UTF_8));
              Archives.zipEntry(out, "lib/deep/x.txt", "x");
            });

    bench.unpack("a.zip", zip);

    assertSample();
  }

  @Test
  void theArchiveStaysBesideItsContentUnlessItComesFromTheCache() throws Exception {
    bench.stored("a.tgz", Archives.tarGz(tar -> tar.file("x", "1")));

    bench.fetch(Workbench.to("slipway://a.tgz", "sub/kept.tgz"));

    // Unpacked into the sandbox itself, not into destPath's directory: as Mesos does.
    assertThat(bench.files()).containsOnlyKeys("sub", "sub/kept.tgz", "x");
  }

  @Test
  void aSingleGzippedFileIsGunzipped() throws Exception {
    bench.stored("data.json.gz", Archives.gz("{}".getBytes(UTF_8)));

    bench.fetch(Workbench.to("slipway://data.json.gz", "in/data.json.gz"));

    // Into the sandbox itself, as archives are.
    assertThat(bench.files()).containsOnlyKeys("data.json", "in", "in/data.json.gz");
    assertThat(bench.files()).containsEntry("data.json", "{}");
  }

  @Test
  void archivesWithinArchivesAreNotUnpacked() throws Exception {
    byte[] inner = Archives.zip(out -> Archives.zipEntry(out, "bomb", "x"));

    bench.unpack(
        "42.zip", Archives.zip(out -> Archives.zipEntry(out, "lib 0.zip", 0100644, inner)));

    assertThat(bench.files()).containsOnlyKeys("lib 0.zip");
  }

  @Test
  void aHardLinkBecomesACopyAndCannotPointOutside() throws Exception {
    bench.unpack("a.tar", Archives.tar(tar -> tar.file("d/x", "1").hardLink("y", "d/x")));

    assertThat(bench.files()).containsEntry("y", "1").containsEntry("d/x", "1");
    assertThat(Files.getAttribute(bench.sandbox.resolve("y"), "unix:nlink")).isEqualTo(1);
    for (String target : new String[] {"/etc/shadow", "../../etc/shadow", "missing", "z"}) {
      assertThat(
              bench.failureOfUnpacking(
                  "b.tar", Archives.tar(tar -> tar.link("l", "y").hardLink("z", target))))
          .containsAnyOf("is absolute", "leaves the sandbox", "does not point to a file");
    }
  }

  @Test
  void setuidAndItsLikeAndWritingByOthersAreTakenAway() throws Exception {
    bench.unpack(
        "a.tar",
        Archives.tar(
            tar ->
                tar.directory("d", 07777)
                    .file("d/su", new byte[] {1}, 06777)
                    .file("d/none", new byte[] {1}, 0)));

    assertThat((int) Files.getAttribute(bench.sandbox.resolve("d/su"), "unix:mode") & 07777)
        .isEqualTo(0755);
    assertThat((int) Files.getAttribute(bench.sandbox.resolve("d"), "unix:mode") & 07777)
        .isEqualTo(0755);
    assertThat(bench.mode("d/none")).isEqualTo("rw-------");
  }

  @Test
  void theLastOfTwoFilesOfOneNameWins() throws Exception {
    bench.unpack("a.tar", Archives.tar(tar -> tar.file("x", "longer").file("./x", "2")));

    assertThat(bench.files()).containsExactly(entry("x", "2"));
  }

  @Test
  void anExecutableIsNotUnpacked() throws Exception {
    bench.stored("self.zip", Archives.zip(out -> Archives.zipEntry(out, "x", "1")));

    bench.fetch(
        new Fetch("slipway://self.zip", true, true, false, Optional.empty(), Optional.empty()));

    assertThat(bench.files()).containsOnlyKeys("self.zip");
    assertThat(bench.mode("self.zip")).isEqualTo("rwxr-xr-x");
  }

  @Test
  void linksInTheSandboxLeadNothingElsewhere() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createSymbolicLink(bench.sandbox.resolve("d"), outside);
    Files.createSymbolicLink(bench.sandbox.resolve("f"), outside.resolve("f"));

    assertThat(bench.failureOfUnpacking("a.tar", Archives.tar(tar -> tar.file("d/x", "evil"))))
        .contains("the sandbox has something else at \"d\"");
    bench.unpack("b.tar", Archives.tar(tar -> tar.file("f", "mine")));

    assertThat(bench.files()).containsEntry("f", "mine");
    assertThat(Workbench.filesOf(outside)).isEmpty();
  }

  @Test
  void directoriesJoinWhatIsInTheSandbox() throws Exception {
    bench.unpack("a.tar", Archives.tar(tar -> tar.file("d/e/x", "1").file("d/y", "1")));
    bench.unpack("b.tar", Archives.tar(tar -> tar.file("d/e/z", "2").file("d/y", "2")));

    assertThat(bench.files())
        .containsEntry("d/e/x", "1")
        .containsEntry("d/e/z", "2")
        .containsEntry("d/y", "2");
    assertThat(
            bench.failureOfUnpacking(
                "c.tar", Archives.tar(tar -> tar.file("a", "1").file("d/y/x", "3"))))
        .contains("the sandbox has something else at \"d/y\"");
  }

  @Test
  void anInterruptedUnpackingLeavesNothing() throws Exception {
    bench.stored("a.tar", Archives.tar(UnpackingTest::sample));
    bench.fetcher();

    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> bench.fetch(Workbench.cached("slipway://a.tar")))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(bench.files()).isEmpty();
    bench.assertNothingLeft();
  }

  @Test
  void namesInOtherScriptsAreKeptWhereTheLocaleHasThem() throws Exception {
    byte[] archive = Archives.tar(tar -> tar.file("gr\u00fc\u00dfe/\u4f60\u597d", "x"));

    if (System.getProperty("sun.jnu.encoding").equalsIgnoreCase("UTF-8")) {
      bench.unpack("a.tar", archive);
      assertThat(bench.files()).containsKey("gr\u00fc\u00dfe/\u4f60\u597d");
    } else {
      assertThat(bench.failureOfUnpacking("a.tar", archive))
          .contains("cannot be written in the character set");
    }
  }
}
