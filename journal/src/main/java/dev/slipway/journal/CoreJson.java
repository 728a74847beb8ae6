package dev.slipway.journal;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.slipway.core.app.PathId;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.volume.VolumeId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.module.SimpleModule;

/// How core's values are written as JSON: records by the names of their components, ids as text,
/// times in ISO 8601 to the nanosecond, absent values left out, sealed types by {@link TypeNames}.
///
/// Only ASCII is written, so that every Java string comes back as it was, half a surrogate pair
/// included; it is read as characters, since Jackson's reader of bytes has no name with such a
/// half. Reading is strict: a field that is unknown or missing, or a value of another kind, is
/// an error, since a journal says exactly what this format says; only what came later may be
/// missing ({@link LaterComponents}).
final class CoreJson {
  /// A value in the journal has passed the limits of the API; here only the parser's own ones,
  /// which are meant for strangers' input, must not stand in the way.
  private static final int MAX_TEXT_LENGTH = 1 << 28;

  static final JsonMapper MAPPER = mapper();

  private CoreJson() {}

  /// What went wrong in reading, without the values that were read: they may be secrets.
  static String problem(JacksonException problem) {
    String cause = problem.getCause() == null ? "" : ", " + problem.getCause().getClass().getName();
    return problem.getClass().getSimpleName() + " at " + problem.getPathReference() + cause;
  }

  private static JsonMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxStringLength(MAX_TEXT_LENGTH)
                    .maxNameLength(MAX_TEXT_LENGTH)
                    .build())
            .build();
    return JsonMapper.builder(factory)
        .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .enable(tools.jackson.databind.cfg.EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .changeDefaultVisibility(
            visibility ->
                visibility
                    .withFieldVisibility(Visibility.ANY)
                    .withGetterVisibility(Visibility.NONE)
                    .withIsGetterVisibility(Visibility.NONE))
        .changeDefaultPropertyInclusion(
            inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
        .addModule(module())
        .build();
  }

  private static SimpleModule module() {
    var module = new SimpleModule("slipway-core");
    text(module, PathId.class, PathId::toString, PathId::of);
    text(module, InstanceId.class, InstanceId::value, InstanceId::new);
    text(module, TaskId.class, TaskId::value, TaskId::new);
    text(module, DeploymentId.class, DeploymentId::value, DeploymentId::new);
    text(module, NodeId.class, NodeId::value, NodeId::new);
    text(module, VolumeId.class, VolumeId::value, VolumeId::new);
    text(module, Instant.class, Instant::toString, Scalars::instant);
    text(module, Duration.class, Duration::toString, Duration::parse);
    module.addKeySerializer(String.class, new KeyWriter<>(CoreJson::wellFormed));
    module.addSerializer(Epoch.class, new EpochWriter());
    module.addDeserializer(Epoch.class, new EpochReader());
    module.addSerializer(PersistentMap.class, new PersistentMapJson.Writer());
    module.addDeserializer(PersistentMap.class, new PersistentMapJson.Reader());
    module.setDeserializerModifier(new LaterComponents());
    TypeNames.ALL.stream()
        .filter(family -> family != TypeNames.EVENTS)
        .forEach(family -> named(module, family));
    return module;
  }

  private static <T> void text(
      SimpleModule module, Class<T> type, Function<T, String> write, Function<String, T> parse) {
    var read = new Scalars.Recent<>(type, parse);
    module.addSerializer(type, new TextWriter<>(write));
    module.addKeySerializer(type, new KeyWriter<>(write));
    module.addDeserializer(type, new TextReader<>(type, read));
    module.addKeyDeserializer(type, new KeyReader(type, read));
  }

  private static <T> void named(SimpleModule module, TypeNames.Family<T> family) {
    module.setMixInAnnotation(family.root(), Named.class);
    family.types().forEach((name, type) -> module.registerSubtypes(new NamedType(type, name)));
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  private interface Named {}

  private static final class TextWriter<T> extends ValueSerializer<T> {
    private final Function<T, String> write;

    TextWriter(Function<T, String> write) {
      this.write = write;
    }

    @Override
    public void serialize(T value, JsonGenerator generator, SerializationContext context) {
      generator.writeString(write.apply(value));
    }
  }

  private static final class KeyWriter<T> extends ValueSerializer<T> {
    private final Function<T, String> write;

    KeyWriter(Function<T, String> write) {
      this.write = write;
    }

    @Override
    public void serialize(T value, JsonGenerator generator, SerializationContext context) {
      generator.writeName(write.apply(value));
    }
  }

  private static final class TextReader<T> extends ValueDeserializer<T> {
    private final Class<T> type;
    private final Function<String, T> read;

    TextReader(Class<T> type, Function<String, T> read) {
      this.type = type;
      this.read = read;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return type.cast(context.handleUnexpectedToken(type, parser));
      }
      return parsed(type, read, parser.getString(), context);
    }
  }

  private static final class KeyReader extends KeyDeserializer {
    private final Class<?> type;
    private final Function<String, ?> read;

    KeyReader(Class<?> type, Function<String, ?> read) {
      this.type = type;
      this.read = read;
    }

    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      return parsed(type, read, key, context);
    }
  }

  private static String wellFormed(String name) {
    if (!StandardCharsets.UTF_16BE.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException("a name with half a surrogate pair cannot be recorded");
    }
    return name;
  }

  private static <T> T parsed(
      Class<?> type, Function<String, T> read, String text, DeserializationContext context) {
    try {
      return read.apply(text);
    } catch (IllegalArgumentException | java.time.DateTimeException problem) {
      throw context.weirdStringException(text, type, "not in the form that the journal writes");
    }
  }

  private static final class EpochWriter extends ValueSerializer<Epoch> {
    @Override
    public void serialize(Epoch value, JsonGenerator generator, SerializationContext context) {
      generator.writeNumber(value.value());
    }
  }

  private static final class EpochReader extends ValueDeserializer<Epoch> {
    @Override
    public Epoch deserialize(JsonParser parser, DeserializationContext context) {
      return new Epoch(context.readValue(parser, long.class));
    }
  }
}
