package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class YamlTreeTest {
  private static Json yaml(String text) {
    return YamlTree.read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void yamlAndJsonGiveTheSameTree() {
    String json =
        "{\"id\":\"/web\",\"cpus\":0.5,\"instances\":3,\"env\":{\"A\":\"b\"},\"args\":[\"x\",true,null]}";
    String yaml = "id: /web\ncpus: 0.5\ninstances: 3\nenv: {A: b}\nargs:\n- x\n- true\n- null\n";
    assertThat(yaml(yaml).write())
        .isEqualTo(Json.read(json.getBytes(StandardCharsets.UTF_8)).write())
        .isEqualTo(json);
  }

  @Test
  void aliasesAndMergeKeysUnfold() {
    Json json =
        yaml(
            """
            defaults: &d {cpus: 0.1, mem: 64}
            a: *d
            b:
              <<: *d
              mem: 128
            """);
    assertThat(json.at("a").write()).isEqualTo("{\"cpus\":0.1,\"mem\":64}");
    assertThat(json.at("b").at("mem").whole()).isEqualTo(128);
    assertThat(json.at("b").at("cpus").number()).isEqualTo(0.1);
    assertThat(json.at("b").has("<<")).isFalse();
  }

  @Test
  void aSmallFileCannotUnfoldToAHugeOne() {
    var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int level = 1; level < 9; level++) {
      String previous = ",*a" + (level - 1);
      bomb.append("a" + level + ": &a" + level + " [" + previous.repeat(10).substring(1) + "]\n");
    }
    assertThatThrownBy(() -> yaml(bomb.toString()))
        .isInstanceOf(Complaint.class)
        .hasMessageContaining("unfolds to more than");
  }

  @Test
  void circlesDepthTwiceNamedKeysAndSeveralDocumentsAreRefused() {
    assertThatThrownBy(() -> yaml("a: &a [*a]")).hasMessageContaining("names nothing above it");
    assertThatThrownBy(() -> yaml("[".repeat(300) + "]".repeat(300)))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> yaml("id: a\nid: b\n")).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> yaml("id: a\n---\nid: b\n")).hasMessageContaining("several documents");
  }

  @Test
  void tagsMakeNoObjects() {
    assertThat(yaml("a: !!javax.script.ScriptEngineManager [x]").write())
        .isEqualTo("{\"a\":[\"x\"]}");
  }
}
