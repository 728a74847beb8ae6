package dev.slipway.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.PathId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuppliesTest {
  private static AppSpec app(String image, boolean cached, String... uris) {
    var container =
        new Container(
            Container.Kind.DOCKER,
            image.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    new Container.Image(
                        image, false, false, List.of(), Optional.empty(), Optional.empty())),
            List.of(),
            List.of(),
            Optional.empty());
    return AppSpec.builder(PathId.of("/web"), new Command.Shell("run"))
        .container(Optional.of(container))
        .fetch(
            List.of(uris).stream()
                .map(uri -> new Fetch(uri, true, false, cached, Optional.empty(), Optional.empty()))
                .toList())
        .build();
  }

  @Test
  void whatIsNotKeptIsNoSupply() {
    assertThat(Supplies.neededBy(app("", false, "https://a/x"))).isEmpty();
    assertThat(Supplies.neededBy(app("", true))).isEmpty();
  }

  @Test
  void allThatAnAppNeedsIsOneSupply() {
    assertThat(List.of(app("i", true), app("", true, "i"), app("i", true, "a"), app("j", true)))
        .extracting(Supplies::neededBy)
        .doesNotHaveDuplicates()
        .allSatisfy(supply -> assertThat(supply).isPresent());
    assertThat(Supplies.neededBy(app("i", false, "a")))
        .isEqualTo(Supplies.neededBy(app("i", true)));
  }

  /// Recorded states of nodes hold these numbers.
  @Test
  void theNumberNeverChanges() {
    assertThat(Supplies.neededBy(app("nginx:1", true, "https://example.com/a.tgz")))
        .hasValue(-7641132455307447865L);
  }

  @Test
  void theOneThatWasAskedForLongestAgoIsForgotten() {
    Supplies supplies = Supplies.NONE;
    for (long supply = 0; supply < Supplies.MOST; supply++) {
      supplies = supplies.with(supply);
    }
    Supplies next = supplies.with(0).with(100);

    assertThat(next.latest()).hasSize(Supplies.MOST);
    assertThat(next.holds(0)).isTrue();
    assertThat(next.holds(1)).isFalse();
    assertThat(next.holds(100)).isTrue();
  }

  @Test
  void whatWasAskedForLatelyStaysWhereItIs() {
    Supplies supplies = Supplies.NONE.with(1).with(2).with(3);

    assertThat(supplies.with(2)).isSameAs(supplies);
  }
}
