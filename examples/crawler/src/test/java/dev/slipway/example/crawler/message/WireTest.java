package dev.slipway.example.crawler.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.example.crawler.message.PageResult.Ending;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireTest {
  private static final Page PAGE = new Page("http://h/", 0, true);

  @Test
  void aResultIsReadAsItWasWritten() {
    PageResult result =
        new PageResult(
            PAGE,
            Ending.PARSED,
            "",
            "2",
            List.of(new Item("Lamp", "1.50", "EUR", "http://h/l")),
            List.of("http://h/l"),
            3);
    assertThat(Wire.read(Wire.write(result), PageResult.class)).isEqualTo(result);
  }

  @Test
  void aFieldOfANewerVersionIsIgnored() {
    assertThat(
            Wire.read(
                "{\"page\":{\"url\":\"http://h/\",\"seed\":true,\"mood\":1},\"new\":[]}",
                PageRequest.class))
        .isEqualTo(new PageRequest(PAGE));
  }

  @Test
  void everyMessageAboutAPageTellsThePage() {
    String fetched = Wire.write(new FetchedPage(PAGE, "text/html", new byte[] {1}));
    assertThat(Wire.read(fetched, PageRequest.class).page()).isEqualTo(PAGE);
  }

  @Test
  void whatIsNoMessageIsRefused() {
    for (String text :
        List.of("", "null", "[]", "{\"page\":7}", "{\"page\":{\"url\":\"\"}}", "{")) {
      assertThatThrownBy(() -> Wire.read(text, PageRequest.class))
          .as(text)
          .isInstanceOf(Wire.MalformedMessage.class);
    }
  }

  @Test
  void aBombIsNotUnpacked() {
    byte[] zipped = Wire.zip(new byte[100_000]);
    assertThat(Wire.unzip(zipped, 100_000)).hasSize(100_000);
    assertThatThrownBy(() -> Wire.unzip(zipped, 99_999)).isInstanceOf(Wire.MalformedMessage.class);
    assertThatThrownBy(() -> Wire.unzip("no zip".getBytes(UTF_8), 10))
        .isInstanceOf(Wire.MalformedMessage.class);
  }
}
