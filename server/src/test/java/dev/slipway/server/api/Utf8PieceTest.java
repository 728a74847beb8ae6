package dev.slipway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Utf8PieceTest {
  @Test
  void piecesOfAnySizeGiveTheWholeTextAgain() {
    String text = "a\u00e4\u20ac\ud83d\ude80\nb\u00fc\u4e2d\ud83e\udd80";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int size = 4; size <= bytes.length; size++) {
      var read = new StringBuilder();
      int offset = 0;
      while (offset < bytes.length) {
        var piece =
            Utf8Piece.of(Arrays.copyOfRange(bytes, offset, Math.min(offset + size, bytes.length)));
        read.append(piece.text());
        offset += piece.length();
      }

      assertThat(read.toString()).isEqualTo(text);
    }
  }

  @Test
  void aCharacterThatIsNotWholeIsLeftForTheNextPiece() {
    var piece = Utf8Piece.of(new byte[] {'a', (byte) 0xe2, (byte) 0x82});

    assertThat(piece).isEqualTo(new Utf8Piece("a", 1));
  }

  @Test
  void whatIsNoTextGetsOnAllTheSame() {
    assertThat(Utf8Piece.of(new byte[] {(byte) 0xe2, (byte) 0x82}).length()).isEqualTo(2);
    assertThat(Utf8Piece.of(new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 'x'}))
        .isEqualTo(new Utf8Piece("\ufffd\ufffd\ufffd\ufffdx", 5));
    assertThat(Utf8Piece.of(new byte[0])).isEqualTo(new Utf8Piece("", 0));
  }
}
