package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.core.app.Fetch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackingTest {
  private static final ExtractionLimits SMALL = new ExtractionLimits(20, 1 << 20, 10, 4096, 200, 5);

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

    assertThat(bench.files()).containsOnlyKeys("in", "in/data.json", "in/data.json.gz");
    assertThat(bench.files()).containsEntry("in/data.json", "{}");
  }

  @Test
  void archivesWithinArchivesAreNotUnpacked() throws Exception {
    byte[] inner = Archives.zip(out -> Archives.zipEntry(out, "bomb", "x"));

    bench.unpack(
        "42.zip", Archives.zip(out -> Archives.zipEntry(out, "lib 0.zip", 0100644, inner)));

    assertThat(bench.files()).containsOnlyKeys("lib 0.zip");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "a/../../evil",
        "a/..",
        "/etc/evil",
        "//etc/evil",
        "./../evil",
        "..",
        "a/../b"
      })
  void namesThatLeaveTheSandboxAreRefused(String name) throws Exception {
    assertThat(
            bench.failureOfUnpacking(
                "a.tar", Archives.tar(tar -> tar.file("first", "1").file(name, "x"))))
        .containsAnyOf("leaves the sandbox", "is absolute");
    assertThat(
            bench.failureOfUnpacking(
                "a.zip", Archives.zip(out -> Archives.zipEntry(out, name, "x"))))
        .containsAnyOf("leaves the sandbox", "is absolute");
    assertThat(directory.resolve("sandboxes/evil")).doesNotExist();
    assertThat(Path.of("/etc/evil")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc", "..", "../x", "a/../../x", "a/..", "./../b", "d/../.."})
  void linksThatCouldLeaveTheSandboxAreRefused(String target) throws Exception {
    assertThat(
            bench.failureOfUnpacking(
                "a.tar", Archives.tar(tar -> tar.file("f", "1").link("l", target))))
        .contains("could lead out of the sandbox");
    assertThat(
            bench.failureOfUnpacking(
                "a.zip",
                Archives.zip(out -> Archives.zipEntry(out, "l", 0120777, target.getBytes(UTF_8)))))
        .contains("could lead out of the sandbox");
  }

  @Test
  void chainedLinksCannotClimbOut() throws Exception {
    // Read as text "p/../x" stays inside; through the link p, which is the top, it would not.
    assertThat(
            bench.failureOfUnpacking(
                "a.tar", Archives.tar(tar -> tar.link("p", ".").link("q", "p/../x"))))
        .contains("could lead out of the sandbox");
  }

  @Test
  void nothingIsWrittenThroughALink() throws Exception {
    assertThat(
            bench.failureOfUnpacking(
                "a.tar", Archives.tar(tar -> tar.link("d", ".").file("d/x", "evil"))))
        .contains("leads through a link");
    assertThat(
            bench.failureOfUnpacking(
                "a.tar", Archives.tar(tar -> tar.link("x", "y").file("x", "evil"))))
        .contains("comes twice");
    assertThat(
            bench.failureOfUnpacking(
                "a.tar", Archives.tar(tar -> tar.file("x", "1").link("x", "y"))))
        .contains("comes twice");
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

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO, (byte) 'V'})
  void devicesFifosAndUnknownEntriesAreRefused(byte type) throws Exception {
    assertThat(
            bench.failureOfUnpacking(
                "a.tar", Archives.tar(tar -> tar.file("f", "1").special("dev", type, ""))))
        .contains("which is not unpacked");
  }

  @Test
  void aDeviceInAZipIsRefused() throws Exception {
    assertThat(
            bench.failureOfUnpacking(
                "a.zip", Archives.zip(out -> Archives.zipEntry(out, "null", 0020666, new byte[0]))))
        .contains("which is not unpacked");
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
  void aPathThatIsAFileAndADirectoryIsRefused() throws Exception {
    assertThat(
            bench.failureOfUnpacking(
                "a.tar", Archives.tar(tar -> tar.file("x", "1").file("x/y", "2"))))
        .contains("comes twice");
    assertThat(
            bench.failureOfUnpacking(
                "a.tar", Archives.tar(tar -> tar.file("x/y", "1").file("x", "2"))))
        .contains("comes twice");
  }

  @Test
  void bombsByRatioAreRefused() throws Exception {
    bench.limits = ArtifactLimits.DEFAULT.withExtraction(SMALL);
    byte[] zeros = new byte[500_000];

    assertThat(
            bench.failureOfUnpacking(
                "a.tgz", Archives.tarGz(tar -> tar.file("zeros", zeros, 0644))))
        .contains("more than 10 times its size");
    assertThat(
            bench.failureOfUnpacking(
                "a.zip", Archives.zip(out -> Archives.zipEntry(out, "zeros", 0, zeros))))
        .contains("more than 10 times its size");
    assertThat(bench.failureOfUnpacking("zeros.gz", Archives.gz(zeros)))
        .contains("more than 10 times its size");
    // Small archives are not judged.
    bench.unpack("b.tgz", Archives.tarGz(tar -> tar.file("some", new byte[4000], 0644)));
    assertThat(bench.files()).containsOnlyKeys("some");
  }

  @Test
  void bombsBySizeAreRefusedAlsoWhenTheyDoNotCompress() throws Exception {
    bench.limits = ArtifactLimits.DEFAULT.withExtraction(SMALL);

    assertThat(
            bench.failureOfUnpacking(
                "a.tar",
                Archives.tar(
                    tar -> {
                      for (int i = 0; i < 3; i++) {
                        tar.file("f" + i, new byte[400_000], 0644);
                      }
                    })))
        .contains("more than 1048576 bytes");
  }

  @Test
  void hardLinksCountAsTheCopiesTheyBecome() throws Exception {
    bench.limits = ArtifactLimits.DEFAULT.withExtraction(SMALL);

    assertThat(
            bench.failureOfUnpacking(
                "a.tar",
                Archives.tar(
                    tar -> {
                      tar.file("f", new byte[400_000], 0644);
                      for (int i = 0; i < 3; i++) {
                        tar.hardLink("l" + i, "f");
                      }
                    })))
        .contains("more than 1048576 bytes");
  }

  @Test
  void bombsByCountAreRefused() throws Exception {
    bench.limits = ArtifactLimits.DEFAULT.withExtraction(SMALL);

    assertThat(
            bench.failureOfUnpacking(
                "a.tar",
                Archives.tar(
                    tar -> {
                      for (int i = 0; i < 21; i++) {
                        tar.file("f" + i, "");
                      }
                    })))
        .contains("more than 20 entries");
    assertThat(
            bench.failureOfUnpacking(
                "a.zip",
                Archives.zip(
                    out -> {
                      for (int i = 0; i < 21; i++) {
                        Archives.zipEntry(out, "f" + i, "");
                      }
                    })))
        .contains("more than 20 entries");
  }

  @Test
  void aZipWithMillionsOfEntriesIsRefusedBeforeTheyFillTheMemory() throws Exception {
    bench.limits = ArtifactLimits.DEFAULT.withExtraction(SMALL);
    // Headers of 46 bytes with empty names, and an end record that points to them.
    int count = 200_000;
    byte[] header = new byte[46];
    System.arraycopy(new byte[] {'P', 'K', 1, 2}, 0, header, 0, 4);
    var zip = new ByteArrayOutputStream();
    zip.write(new byte[] {'P', 'K', 3, 4});
    zip.write(new byte[26]);
    for (int i = 0; i < count; i++) {
      zip.write(header);
    }
    var end = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
    end.put(new byte[] {'P', 'K', 5, 6}).putShort(10, (short) 5).putInt(12, count * 46);
    end.putInt(16, 30);
    zip.write(end.array());

    assertThat(bench.failureOfUnpacking("a.zip", zip.toByteArray())).contains("too many entries");
  }

  @Test
  void aHeaderThatClaimsToBeHugeIsRefused() throws Exception {
    assertThat(
            bench.failureOfUnpacking(
                "a.tar",
                Archives.tar(
                    tar -> {
                      byte[] name = new byte[3 << 20];
                      Arrays.fill(name, (byte) 'a');
                      tar.raw("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME, name);
                      tar.file("x", "1");
                    })))
        .contains("bytes of headers");
  }

  @Test
  void namesThatAreTooLongOrTooDeepAreRefused() throws Exception {
    bench.limits = ArtifactLimits.DEFAULT.withExtraction(SMALL);

    assertThat(bench.failureOfUnpacking("a.tar", Archives.tar(tar -> tar.file("a/b/c/d/e/f", "1"))))
        .contains("deeper than 5");
    assertThat(
            bench.failureOfUnpacking(
                "a.tar", Archives.tar(tar -> tar.file("x/" + "y".repeat(199), "1"))))
        .contains("longer than 200 bytes");
  }

  @Test
  void everyCutOffArchiveIsAnError() throws Exception {
    byte[] content = new byte[3000];
    new Random(1).nextBytes(content);
    Archives.TarWriter two = tar -> tar.file("a", content, 0644).file("b", content, 0644);
    byte[] gz = Archives.tarGz(two);
    byte[] tar = Archives.tar(two);
    byte[] zip = Archives.zip(out -> Archives.zipEntry(out, "a", 0, content));

    // Cut between two entries, where each entry by itself is whole.
    assertThat(bench.failureOfUnpacking("a.tar", Archives.cut(tar, 512 + 3072)))
        .contains("cut off");
    assertThat(bench.failureOfUnpacking("a.tar", Archives.cut(tar, 600))).contains("cut off");
    assertThat(bench.failureOfUnpacking("a.tar", new byte[0])).contains("cut off");
    for (int length = 0; length < gz.length; length += gz.length / 7) {
      assertThat(bench.failureOfUnpacking("a.tgz", Archives.cut(gz, length))).contains("cut off");
    }
    // All content is there, the checksum at the end is not.
    assertThat(bench.failureOfUnpacking("a.tgz", Archives.cut(gz, gz.length - 4)))
        .contains("cut off");
    assertThat(bench.failureOfUnpacking("a.zip", Archives.cut(zip, zip.length - 30)))
        .contains("cut off");
    assertThat(bench.failureOfUnpacking("a.tar.xz", new byte[] {1, 2, 3})).contains("cut off");
    assertThat(bench.failureOfUnpacking("a.tar.bz2", new byte[] {1, 2, 3})).contains("cut off");
  }

  @Test
  void aFlippedBitInAZipIsAnError() throws Exception {
    byte[] zip =
        Archives.zip(
            out -> {
              out.setMethod(ZipEntry.DEFLATED);
              out.setLevel(0);
              Archives.zipEntry(out, "name", "find me");
            });
    int at = new String(zip, ISO_8859_1).indexOf("find me");
    zip[at] ^= 1;

    assertThat(bench.failureOfUnpacking("a.zip", zip)).contains("checksum of \"name\" is wrong");
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
