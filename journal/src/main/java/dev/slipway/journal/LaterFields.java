package dev.slipway.journal;

import dev.slipway.core.app.Scheduling;
import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Pressure;
import dev.slipway.core.node.Supplies;
import java.util.Map;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.deser.BeanDeserializerBuilder;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.impl.NullsConstantProvider;

/// Components that records got after journals with such records had been written: what is read
/// where they are missing. All others have to be there.
final class LaterFields extends ValueDeserializerModifier {
  private static final long serialVersionUID = 1;

  private static final Map<Class<?>, Map<String, Object>> VALUES =
      Map.of(
          Scheduling.class, Map.of("tolerateDisruption", false),
          Node.class, Map.of("risk", DisruptionRisk.NONE),
          NodeRecord.class, Map.of("pressure", Pressure.NONE, "supplies", Supplies.NONE));

  @Override
  public BeanDeserializerBuilder updateBuilder(
      DeserializationConfig config,
      BeanDescription.Supplier described,
      BeanDeserializerBuilder builder) {
    Map<String, Object> later = VALUES.get(described.getBeanClass());
    if (later == null) {
      return builder;
    }
    SettableBeanProperty[] components =
        builder.getValueInstantiator().getFromObjectArguments(config);
    for (int i = 0; i < components.length; i++) {
      Object value = later.get(components[i].getName());
      if (value != null) {
        components[i] = components[i].withNullProvider(NullsConstantProvider.forValue(value));
        builder.addOrReplaceProperty(components[i], true);
      }
    }
    return builder;
  }
}
