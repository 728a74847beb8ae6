package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileArchiveTest {
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
}
