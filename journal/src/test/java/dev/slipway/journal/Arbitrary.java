package dev.slipway.journal;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.BackoffPolicy;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.ResourceLimits;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.placement.HeadroomClass;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.volume.VolumeId;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Values of core's types, made up from a seed. It walks records and sealed types by reflection, so
/// that a new type or component is covered as soon as it exists; only types with a grammar of their
/// own are spelt out.
final class Arbitrary {
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "tab\tnewline\nquote\"backslash\\ slash/ null\u0000 bell\u0007",
          "äöü ß € 漢字 \ud83d\ude80",
          "half a pair: \ud83d",
          "the other half: \ude80.",
          "\u2028\u2029\ufeff\uffff",
          "{\"type\":\"shell\"}",
          "x".repeat(70_000));

  private final Random random;
  private final int largest;

  /// @param largest how many elements a collection has at most
  Arbitrary(long seed, int largest) {
    this.random = new Random(seed);
    this.largest = largest;
  }

  <T> T value(Class<T> type) {
    return type.cast(make(type));
  }

  private Object make(Type type) {
    if (type instanceof ParameterizedType parameterized) {
      return container(parameterized);
    }
    Class<?> plain = (Class<?>) type;
    if (plain == AppSpec.class) {
      return app();
    }
    if (plain.isEnum()) {
      return any(Arrays.asList(plain.getEnumConstants()));
    }
    if (plain.isSealed()) {
      return make(any(Arrays.asList(plain.getPermittedSubclasses())));
    }
    return switch (plain.getName()) {
      case "int", "java.lang.Integer" -> whole();
      case "long", "java.lang.Long" ->
          random.nextBoolean() ? random.nextLong() : random.nextInt(1000);
      case "double" -> random.nextBoolean() ? random.nextDouble() : random.nextInt(3);
      case "boolean", "java.lang.Boolean" -> random.nextBoolean();
      case "java.lang.String" -> any(TEXTS);
      case "java.time.Instant" -> instant();
      case "java.time.Duration" -> duration();
      default -> grammar(plain);
    };
  }

  private Object grammar(Class<?> type) {
    if (type == PathId.class) {
      return random.nextInt(9) == 0 ? PathId.ROOT : path();
    }
    if (type == InstanceId.class) {
      return instance();
    }
    if (type == TaskId.class) {
      return instance().task();
    }
    if (type == DeploymentId.class) {
      return DeploymentId.of(uuid());
    }
    if (type == NodeId.class) {
      return new NodeId("node " + random.nextInt(1000) + " \ud83d\ude80");
    }
    if (type == Node.class) {
      return node();
    }
    if (type == PortRange.class) {
      int first = 1 + random.nextInt(65535);
      return new PortRange(first, first + random.nextInt(65536 - first));
    }
    if (type == Command.Shell.class) {
      return new Command.Shell("sh " + any(TEXTS));
    }
    if (type == Command.Arguments.class) {
      return new Command.Arguments(List.of("program", any(TEXTS)));
    }
    if (type == VolumeId.class) {
      return VolumeId.of(path(), "data/" + random.nextInt(9), uuid());
    }
    if (type == Preference.class) {
      return new Preference(value(Constraint.class), 1 + random.nextInt(Preference.MOST_WEIGHT));
    }
    if (type == Scheduling.class) {
      return scheduling(false);
    }
    if (type == OptionalInt.class) {
      return weight();
    }
    if (type == BackoffPolicy.class) {
      return new BackoffPolicy(
          duration(), random.nextInt(9), duration(), duration(), random.nextDouble());
    }
    if (type == PlacementPolicy.class) {
      return policy();
    }
    if (type == UnreachableStrategy.Replaced.class) {
      Duration inactive = Duration.ofMillis(random.nextInt(1_000_000));
      return new UnreachableStrategy.Replaced(inactive, inactive.plusNanos(random.nextInt(9)));
    }
    return record(type);
  }

  private Scheduling scheduling(boolean daemon) {
    return new Scheduling(
        few(() -> new Scheduling.Spread("@zone", 1 + random.nextInt(1000), weight())),
        few(() -> new Scheduling.Affinity(path(), "hostname", weight())),
        few(() -> new Scheduling.Affinity(path(), "r\u00e4ck", weight())),
        random.nextInt(2001) - 1000,
        daemon,
        !daemon && random.nextBoolean(),
        random.nextBoolean());
  }

  private PlacementPolicy policy() {
    SortedMap<String, HeadroomClass> headroom = new TreeMap<>();
    for (int i = random.nextInt(largest + 1); i > 0; i--) {
      var resources = new Resources(1 + random.nextInt(9000), random.nextLong(1L << 50), 0, 250);
      var constraint =
          new Constraint("r\u00e4ck", Constraint.Operator.LIKE, Optional.of(any(TEXTS)));
      headroom.put(
          "class-" + i, new HeadroomClass(1 + random.nextInt(9), resources, few(() -> constraint)));
    }
    return new PlacementPolicy(
        100 + random.nextInt(901),
        headroom,
        new PlacementPolicy.Preemption(random.nextBoolean(), 1 + random.nextInt(10_000)),
        new PlacementPolicy.Rebalancing(
            random.nextBoolean(),
            1 + random.nextInt(1000),
            random.nextDouble(),
            Duration.ofSeconds(10 + random.nextInt(100_000))));
  }

  /// A node is within its limits.
  private Object node() {
    var capacity =
        new Resources(
            random.nextLong(Node.MOST_MILLI_CPUS), random.nextLong(Resources.MOST), 0, 3000);
    SortedMap<String, String> attributes = new TreeMap<>();
    for (int i = random.nextInt(largest + 1); i > 0; i--) {
      attributes.put("name-" + i, shortText());
    }
    return record(
        Node.class,
        make(NodeId.class),
        shortText(),
        shortText(),
        capacity,
        make(PortRange.class),
        make(PortRange.class),
        attributes,
        new TreeSet<>(elements(NodeFeature.class)),
        new TreeSet<>(elements(String.class)),
        make(DisruptionRisk.class),
        random.nextBoolean() ? Optional.of(shortText()) : Optional.empty());
  }

  private String shortText() {
    return any(TEXTS.subList(0, TEXTS.size() - 1));
  }

  private OptionalInt weight() {
    return random.nextBoolean()
        ? OptionalInt.of(1 + random.nextInt(Preference.MOST_WEIGHT))
        : OptionalInt.empty();
  }

  private <T> List<T> few(Supplier<T> rule) {
    int size = random.nextInt(Math.min(largest, Scheduling.MOST_RULES) + 1);
    return Stream.generate(rule).limit(size).toList();
  }

  private Object record(Class<?> type, Object... first) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = i < first.length ? first[i] : make(components[i].getGenericType());
    }
    try {
      var constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException problem) {
      throw new LinkageError("no " + type + " can be made up: teach " + getClass(), problem);
    }
  }

  /// An app is never the root group and never has a negative number of instances; a daemon has one.
  private Object app() {
    var app =
        (AppSpec)
            record(
                AppSpec.class,
                path(),
                make(Command.class),
                make(Resources.class),
                make(ResourceLimits.class),
                random.nextInt(100));
    return random.nextBoolean()
        ? app
        : app.toBuilder().instances(1).scheduling(scheduling(true)).build();
  }

  private Object container(ParameterizedType type) {
    Type[] of = type.getActualTypeArguments();
    Class<?> raw = (Class<?>) type.getRawType();
    if (raw == Optional.class) {
      return random.nextBoolean() ? Optional.of(make(of[0])) : Optional.empty();
    }
    if (raw == List.class) {
      return elements(of[0]);
    }
    if (raw == SortedSet.class) {
      return new TreeSet<>(elements(of[0]));
    }
    if (raw == SortedMap.class) {
      SortedMap<Object, Object> map = new TreeMap<>();
      names(of[0]).forEach(key -> map.put(key, make(of[1])));
      return map;
    }
    if (raw == PersistentMap.class) {
      return persistent(of);
    }
    return generic(raw, of);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // The declared type says what the keys are.
  private Object persistent(Type[] of) {
    PersistentMap map = PersistentMap.empty();
    for (Object key : names(of[0])) {
      map = map.put((Comparable) key, make(of[1]));
    }
    return map;
  }

  /// A record with one type parameter, which all its components' types use.
  private Object generic(Class<?> raw, Type[] of) {
    RecordComponent[] components = raw.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      if (components[i].getType() != Optional.class || of.length != 1) {
        throw new AssertionError("no " + raw + " can be made up: teach " + getClass());
      }
      values[i] = random.nextBoolean() ? Optional.of(make(of[0])) : Optional.empty();
    }
    return record(raw, values);
  }

  private List<Object> elements(Type type) {
    List<Object> result = new ArrayList<>();
    int size = random.nextInt(largest + 1);
    for (int i = 0; i < size; i++) {
      result.add(make(type));
    }
    return result;
  }

  /// Names are well-formed: the codec refuses others.
  private List<Object> names(Type type) {
    List<Object> result = elements(type);
    result.removeIf(name -> !StandardCharsets.UTF_16BE.newEncoder().canEncode(name.toString()));
    return result;
  }

  private Integer whole() {
    return switch (random.nextInt(4)) {
      case 0 -> Integer.MAX_VALUE;
      case 1 -> Integer.MIN_VALUE;
      default -> random.nextInt(70_000);
    };
  }

  private Instant instant() {
    return switch (random.nextInt(4)) {
      case 0 -> Instant.MAX;
      case 1 -> Instant.MIN;
      case 2 -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
      default -> Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt());
    };
  }

  private Duration duration() {
    return switch (random.nextInt(4)) {
      case 0 -> Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
      case 1 -> Duration.ofNanos(-1 - random.nextInt(2_000_000_000));
      default -> Duration.ofMillis(random.nextInt(1_000_000));
    };
  }

  private PathId path() {
    PathId path = PathId.of("shop-" + random.nextInt(50));
    return random.nextBoolean() ? path : path.child("cart.v" + random.nextInt(50));
  }

  private InstanceId instance() {
    return InstanceId.of(path(), uuid());
  }

  private UUID uuid() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  private <E> E any(List<E> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
