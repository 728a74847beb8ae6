package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Input;
import dev.slipway.core.instance.Instance;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// GPUs, whole and shared.
class DeviceScenarioTest {
  private final Scenario story = Scenario.onNodes(1, Resources.of(4, 4096, 4096, 2));

  private static AppBuilder using(String id, int instances, double gpus) {
    return app(id, instances).with(app -> app.resources(Resources.of(0.1, 32, 0, gpus)));
  }

  private List<Integer> devices(String id) {
    return story.instances(id).stream()
        .flatMap(instance -> instance.place().stream())
        .flatMap(place -> place.devices().stream())
        .sorted()
        .toList();
  }

  @Test
  void sharesOfADeviceStandSideBySide() {
    story.given(using("/half", 3, 0.5));
    assertThat(devices("/half")).containsExactly(0, 0, 1);
  }

  @Test
  void aWholeDeviceIsWaitedForUntilItsSharesAreGivenBack() {
    story.given(using("/large", 2, 0.6));
    assertThat(devices("/large")).containsExactly(0, 1);

    story.when(using("/whole", 1, 1).put());
    story.pass(Duration.ofSeconds(30));
    assertThat(devices("/whole")).isEmpty();

    story.when(using("/large", 1, 0.6).put());
    story.eventually("it stands", () -> devices("/whole").size() == 1);
    assertThat(devices("/large")).doesNotContainAnyElementsOf(devices("/whole"));
  }

  @Test
  void aDeviceIsFreeAgainWhenItsTaskHasEnded() {
    story.given(using("/whole", 2, 1));
    Instance first = story.instances("/whole").getFirst();

    story.when(new Input.KillInstances(List.of(first.id()), false, false));
    story.eventually(
        "it is over", () -> story.instances("/whole").stream().noneMatch(this::isKilled));
    story.eventually("both stand", () -> devices("/whole").equals(List.of(0, 1)));
  }

  private boolean isKilled(Instance instance) {
    return instance.kill().isPresent();
  }
}
