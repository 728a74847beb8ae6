package dev.slipway.core.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.PathId;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  private static final String UUID_TEXT = "0b5d1c2e-9f3a-4bcd-8e7f-0123456789ab";

  @ParameterizedTest
  @ValueSource(strings = {"a", "shop_cart", "shop_data_db-1", "a.b_c.d-e", "0"})
  void anInstanceIdIsAnAppAndAnIdentity(String app) {
    var id = new InstanceId(app + ".instance-" + UUID_TEXT);
    assertThat(id.app().safe()).isEqualTo(app);
    assertThat(InstanceId.of(id.app(), UUID.fromString(UUID_TEXT))).isEqualTo(id);
    assertThat(id.task()).isEqualTo(new TaskId(id + "._app.1"));
    assertThat(id.task().instance()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        ".instance-" + UUID_TEXT,
        "A.instance-" + UUID_TEXT,
        "a/b.instance-" + UUID_TEXT,
        "a b.instance-" + UUID_TEXT,
        "a.marathon-" + UUID_TEXT,
        "a.instance-0B5D1C2E-9f3a-4bcd-8e7f-0123456789ab",
        "a.instance-0b5d1c2e-9f3a-4bcd-8e7f-0123456789abc",
        "a.instance-0b5d1c2e-9f3a-4bcd-8e7f-0123456789a",
        "a.instance-0b5d1c2e09f3a-4bcd-8e7f-0123456789ab",
        "a.instance-0b5d1c2e-9f3a-4bcd-8e7f-0123456789ag",
        "a.instance-" + UUID_TEXT + "\n",
        "a.instance-" + UUID_TEXT + "._app.1"
      })
  void otherTextsAreNoInstanceIds(String text) {
    assertThatThrownBy(() -> new InstanceId(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anInstanceIdHasAPathOfAtMost255Characters() {
    String end = ".instance-" + UUID_TEXT;
    assertThat(new InstanceId("a".repeat(PathId.MAX_LENGTH) + end).value()).endsWith(end);
    String longer = "a".repeat(PathId.MAX_LENGTH + 1) + end;
    assertThatThrownBy(() -> new InstanceId(longer)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "12", "123456789"})
  void aTaskIdIsAnInstanceAndANumber(String number) {
    String instance = "shop_cart.instance-" + UUID_TEXT;
    assertThat(new TaskId(instance + "._app." + number).instance())
        .isEqualTo(new InstanceId(instance));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.instance-" + UUID_TEXT,
        "a.instance-" + UUID_TEXT + "._app.",
        "a.instance-" + UUID_TEXT + "._app.1a",
        "a.instance-" + UUID_TEXT + "._app.-1",
        "a.instance-" + UUID_TEXT + "._app.1234567890",
        "a.instance-" + UUID_TEXT + "._web.1",
        "a.instance-" + UUID_TEXT + "._app.1._app.1",
        "../a.instance-" + UUID_TEXT + "._app.1/..",
        "._app.1"
      })
  void otherTextsAreNoTaskIds(String text) {
    assertThatThrownBy(() -> new TaskId(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
