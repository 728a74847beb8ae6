package dev.slipway.journal;

import dev.slipway.core.app.Scheduling;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Pressure;
import dev.slipway.core.node.Supplies;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.rebalancing.Rebalancing;
import dev.slipway.core.state.Evictions;
import dev.slipway.core.state.Nominations;
import dev.slipway.core.state.State;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.BeanDeserializerBuilder;
import tools.jackson.databind.deser.NullValueProvider;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.util.AccessPattern;

/// Components that core's records got after journals had been written, and what those mean that
/// lack them: for just these a missing field is no error. `null` is one all the same.
final class LaterComponents extends ValueDeserializerModifier {
  private static final long serialVersionUID = 1;

  /// By record and name. Whoever adds a component to a recorded type adds it here.
  private static final Map<Class<?>, Map<String, Object>> MEANT =
      Map.of(
          State.class,
          Map.of(
              "placementPolicy", PlacementPolicy.DEFAULT,
              "rosters", PersistentMap.empty(),
              "nominations", Nominations.NONE,
              "rebalancing", Rebalancing.NONE,
              "evictions", Evictions.NONE),
          Instance.class,
          Map.of("addresses", List.of()),
          Scheduling.class,
          Map.of("tolerateDisruption", false),
          Node.class,
          Map.of("risk", DisruptionRisk.NONE),
          NodeRecord.class,
          Map.of("pressure", Pressure.NONE, "supplies", Supplies.NONE, "cpuPercent", 100));

  @Override
  public BeanDeserializerBuilder updateBuilder(
      DeserializationConfig config,
      BeanDescription.Supplier described,
      BeanDeserializerBuilder builder) {
    Map<String, Object> later = MEANT.getOrDefault(described.getBeanClass(), Map.of());
    if (!later.isEmpty()) {
      SettableBeanProperty[] components =
          builder.getValueInstantiator().getFromObjectArguments(config);
      for (int i = 0; i < components.length; i++) {
        Object meant = later.get(components[i].getName());
        if (meant != null) {
          components[i] = components[i].withNullProvider(new Meant(meant));
        }
      }
    }
    return builder;
  }

  private record Meant(Object value) implements NullValueProvider {
    @Override
    public @Nullable Object getNullValue(DeserializationContext context) {
      return null;
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return value;
    }

    @Override
    public AccessPattern getNullAccessPattern() {
      return AccessPattern.CONSTANT;
    }
  }
}
