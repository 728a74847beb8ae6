package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.PathId;
import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Nominations;
import dev.slipway.core.state.State;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {
  private static final int SEEDS = 60;
  private static final String FORGOTTEN = "{\"app\":\"/shop\",\"at\":\"2026-01-02T03:04:05.006Z\"}";

  static Class<?>[] eventTypes() {
    return Event.class.getPermittedSubclasses();
  }

  @ParameterizedTest
  @MethodSource("eventTypes")
  void anEventOfEveryTypeComesBackAsItWas(Class<? extends Event> type) {
    for (long seed = 0; seed < SEEDS; seed++) {
      Event event = new Arbitrary(seed, 4).value(type);

      byte[] json = EventCodec.write(event);

      assertThat(EventCodec.read(EventCodec.type(event), json))
          .as("seed %d", seed)
          .isEqualTo(event);
      assertThat(new String(json, StandardCharsets.UTF_8))
          .as("seed %d is ASCII on one line", seed)
          .matches("[ -~]*");
    }
  }

  @Test
  void aStateComesBackAsItWas() {
    for (long seed = 0; seed < SEEDS; seed++) {
      State state = new Arbitrary(seed, 4).value(State.class);

      assertThat(throughJson(state)).as("seed %d", seed).isEqualTo(state);
    }
    assertThat(throughJson(State.EMPTY)).isEqualTo(State.EMPTY);
  }

  @Test
  void everyCaseOfEverySealedTypeHasItsName() {
    assertThat(sealedTypesWithin(Event.class, new LinkedHashSet<>()))
        .as("sealed types that can be recorded")
        .containsExactlyInAnyOrderElementsOf(
            TypeNames.ALL.stream().<Class<?>>map(family -> family.root()).toList())
        .containsAll(sealedTypesWithin(State.class, new LinkedHashSet<>()));
    for (var family : TypeNames.ALL) {
      assertThat(Set.<Class<?>>copyOf(family.types().values()))
          .as(family.root().getName())
          .isEqualTo(Set.of(family.root().getPermittedSubclasses()));
    }
  }

  @Test
  void aFieldThatIsUnknownIsAnError() {
    assertUnreadable("app-forgotten", FORGOTTEN.replace("{", "{\"colour\":1,"));
  }

  @Test
  void whatCameLaterIsAsItWasBefore() {
    State state = new Arbitrary(1, 4).value(State.class);
    String json = written(state);
    String before = json.replaceFirst(",\"placementPolicy\":.*$", "}");

    assertThat(before).hasSizeLessThan(json.length());
    assertThat(read(before).placementPolicy()).isEqualTo(PlacementPolicy.DEFAULT);
    assertThat(read(before).nominations()).isEqualTo(Nominations.NONE);
    assertThat(written(read(before)).substring(0, before.length() - 1))
        .isEqualTo(before.substring(0, before.length() - 1));
    assertThatThrownBy(() -> read(before.replaceFirst("}$", ",\"placementPolicy\":null}")))
        .isInstanceOf(UnreadableJson.class);
  }

  @Test
  void aFieldThatIsMissingOrNothingIsAnError() {
    assertUnreadable("app-forgotten", "{\"app\":\"/shop\"}");
    assertUnreadable("app-forgotten", FORGOTTEN.replace("\"/shop\"", "null"));
    assertUnreadable("instance-health-changed", FORGOTTEN);
  }

  @Test
  void aNodeOfAnOlderJournalIsSafeAndOpen() {
    Event.NodeSeen seen = new Arbitrary(1, 4).value(Event.NodeSeen.class);
    String json = new String(EventCodec.write(seen), StandardCharsets.US_ASCII);
    String older = json.replaceFirst(",\"risk\":\"[A-Z]+\".*?(?=},\"at\")", "");

    Event read = EventCodec.read("node-seen", older.getBytes(StandardCharsets.US_ASCII));

    assertThat(older).isNotEqualTo(json);
    assertThat(read)
        .isEqualTo(
            new Event.NodeSeen(
                seen.node()
                    .withRisk(DisruptionRisk.NONE)
                    .closed(Optional.empty())
                    .holding(OptionalInt.empty()),
                seen.at()));
  }

  @Test
  void textThatIsCutOffOrGoesOnIsAnError() {
    assertUnreadable("app-forgotten", FORGOTTEN.substring(0, FORGOTTEN.length() - 1));
    assertUnreadable("app-forgotten", FORGOTTEN + "{}");
  }

  @Test
  void aValueOfAnotherKindIsAnError() {
    assertUnreadable("app-forgotten", FORGOTTEN.replace("\"/shop\"", "7"));
    assertUnreadable("app-forgotten", FORGOTTEN.replace("/shop", "/SHOP!"));
    assertUnreadable("app-forgotten", FORGOTTEN.replace("2026-01-02T", "yesterday "));
    assertUnreadable("app-remembered", FORGOTTEN);
  }

  @Test
  void whatCannotBeReadIsNotQuoted() {
    assertThatThrownBy(
            () ->
                EventCodec.read(
                    "app-forgotten",
                    FORGOTTEN.replace("/shop", "secret!").getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(UnreadableJson.class)
        .hasMessageContaining("app-forgotten")
        .hasMessageContaining("[\"app\"]")
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void timesAreReadAsTheJdkReadsThem() {
    var random = new java.util.Random(4);
    for (int i = 0; i < 20_000; i++) {
      int nanoseconds = random.nextInt(1_000_000_000);
      int rounded = i % 3 == 0 ? nanoseconds : i % 3 == 1 ? nanoseconds / 1_000_000 * 1_000_000 : 0;
      String text =
          Instant.ofEpochSecond(random.nextLong(-70_000_000_000L, 260_000_000_000L), rounded)
              .toString();
      assertThat(Scalars.instant(text)).as(text).isEqualTo(Instant.parse(text));
    }
    for (String wrong :
        List.of(
            "",
            "2026-01-02T03:04:05",
            "2026-13-02T03:04:05Z",
            "2026-01-02T03:60:05Z",
            "2026-02-30T03:04:05Z",
            "2026-01-02T03:04:0xZ")) {
      assertThatThrownBy(() -> Scalars.instant(wrong))
          .as(wrong)
          .isInstanceOf(DateTimeException.class);
    }
  }

  @Test
  void aNameThatCouldNotBeReadBackIsNotWritten() {
    var group = new Arbitrary(1, 4).value(dev.slipway.core.node.Node.class);
    var node =
        new dev.slipway.core.node.Node(
            group.id(),
            group.hostname(),
            group.address(),
            group.capacity(),
            group.dynamicPorts(),
            group.fixedPorts(),
            new TreeMap<>(Map.of("rack\ud83d", "7")));

    assertThatThrownBy(() -> EventCodec.write(new Event.NodeSeen(node, Instant.EPOCH)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theFormIsReadable() {
    var event =
        new Event.AppForgotten(PathId.of("shop"), Instant.parse("2026-01-02T03:04:05.006Z"));

    assertThat(EventCodec.type(event)).isEqualTo("app-forgotten");
    assertThat(new String(EventCodec.write(event), StandardCharsets.US_ASCII)).isEqualTo(FORGOTTEN);
  }

  private static void assertUnreadable(String type, String json) {
    assertThatThrownBy(() -> EventCodec.read(type, json.getBytes(StandardCharsets.US_ASCII)))
        .as(json)
        .isInstanceOf(UnreadableJson.class);
  }

  private static State throughJson(State state) {
    return read(written(state));
  }

  private static String written(State state) {
    var out = new ByteArrayOutputStream();
    StateCodec.write(state, out);
    return out.toString(StandardCharsets.US_ASCII);
  }

  private static State read(String json) {
    return StateCodec.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.US_ASCII)));
  }

  /// Goes through the components of records, and of the cases of sealed types, to all types that
  /// can stand in a value of the given one.
  private static Set<Class<?>> sealedTypesWithin(Type type, Set<Type> seen) {
    Set<Class<?>> found = new LinkedHashSet<>();
    if (!seen.add(type)) {
      return found;
    }
    switch (type) {
      case ParameterizedType parameterized -> {
        for (Type argument : parameterized.getActualTypeArguments()) {
          found.addAll(sealedTypesWithin(argument, seen));
        }
        found.addAll(sealedTypesWithin(parameterized.getRawType(), seen));
      }
      case Class<?> plain when plain.isSealed() && !plain.isEnum() -> {
        found.add(plain);
        for (Class<?> permitted : plain.getPermittedSubclasses()) {
          found.addAll(sealedTypesWithin(permitted, seen));
        }
      }
      case Class<?> plain when plain.isRecord() ->
          Arrays.stream(plain.getRecordComponents())
              .map(RecordComponent::getGenericType)
              .forEach(component -> found.addAll(sealedTypesWithin(component, seen)));
      case GenericArrayType array -> throw new AssertionError("core has no arrays: " + array);
      default -> {}
    }
    return found;
  }
}
