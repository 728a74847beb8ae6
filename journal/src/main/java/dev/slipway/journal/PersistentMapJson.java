package dev.slipway.journal;

import dev.slipway.core.collection.PersistentMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;

/// A {@link PersistentMap} as a JSON object, in the order of its keys.
final class PersistentMapJson {
  private PersistentMapJson() {}

  @SuppressWarnings("rawtypes") // Jackson knows a type by its raw class.
  static final class Writer extends ValueSerializer<PersistentMap> {
    @Override
    public void serialize(
        PersistentMap map, JsonGenerator generator, SerializationContext context) {
      generator.writeStartObject(map, map.size());
      for (var entry : (PersistentMap<?, ?>) map) {
        context
            .findKeySerializer(entry.getKey().getClass(), null)
            .serialize(entry.getKey(), generator, context);
        context
            .findTypedValueSerializer(entry.getValue().getClass(), true)
            .serialize(entry.getValue(), generator, context);
      }
      generator.writeEndObject();
    }
  }

  @SuppressWarnings("rawtypes") // As above.
  static final class Reader extends ValueDeserializer<PersistentMap> {
    private final @Nullable KeyDeserializer keys;
    private final @Nullable ValueDeserializer<Object> values;

    Reader() {
      this(null, null);
    }

    private Reader(@Nullable KeyDeserializer keys, @Nullable ValueDeserializer<Object> values) {
      this.keys = keys;
      this.values = values;
    }

    @Override
    public ValueDeserializer<?> createContextual(
        DeserializationContext context, @Nullable BeanProperty property) {
      JavaType type = context.getContextualType();
      return new Reader(
          context.findKeyDeserializer(type.containedType(0), property),
          context.findContextualValueDeserializer(type.containedType(1), property));
    }

    @Override
    @SuppressWarnings("unchecked") // The key deserializer gives keys of the declared type.
    public PersistentMap deserialize(JsonParser parser, DeserializationContext context) {
      if (keys == null || values == null) {
        throw new IllegalStateException("a map is read only where its types are known");
      }
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        return (PersistentMap) context.handleUnexpectedToken(PersistentMap.class, parser);
      }
      PersistentMap<String, Object> map = PersistentMap.empty();
      PersistentMap untyped = map;
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        var key = (Comparable) keys.deserializeKey(name, context);
        parser.nextToken();
        untyped = untyped.put(key, values.deserialize(parser, context));
      }
      return untyped;
    }
  }
}
