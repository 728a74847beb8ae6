package dev.slipway.bench.scheduling.peers;

import com.netflix.fenzo.VirtualMachineLease;
import dev.slipway.bench.scheduling.Host;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.mesos.Protos;
import org.jspecify.annotations.Nullable;

/// What a host offers to Fenzo. Amounts are whole numbers of our units, so that adding them up
/// loses nothing; Fenzo looks at their ratios only.
final class FenzoLease implements VirtualMachineLease {
  private static final int DISK = 2;

  private final String id;
  private final Host host;
  private final long[] free;
  private final Map<String, Protos.Attribute> attributes;

  FenzoLease(String id, Host host, long[] free, Map<String, Protos.Attribute> attributes) {
    this.id = id;
    this.host = host;
    this.free = free.clone();
    this.attributes = attributes;
  }

  /// A map that takes questions about null, which Fenzo asks.
  static Map<String, Protos.Attribute> attributes(Host host) {
    Map<String, Protos.Attribute> attributes = new HashMap<>();
    host.attributes()
        .forEach(
            (name, value) ->
                attributes.put(
                    name,
                    Protos.Attribute.newBuilder()
                        .setName(name)
                        .setType(Protos.Value.Type.TEXT)
                        .setText(Protos.Value.Text.newBuilder().setValue(value))
                        .build()));
    return attributes;
  }

  @Override
  public String getId() {
    return id;
  }

  @Override
  public long getOfferedTime() {
    return 0;
  }

  @Override
  public String hostname() {
    return host.name();
  }

  @Override
  public String getVMID() {
    return host.name();
  }

  @Override
  public double cpuCores() {
    return free[0];
  }

  @Override
  public double memoryMB() {
    return free[1];
  }

  @Override
  public double networkMbps() {
    return 0;
  }

  @Override
  public double diskMB() {
    return free.length > DISK ? free[DISK] : 0;
  }

  @Override
  public List<Range> portRanges() {
    return List.of();
  }

  @Override
  public Protos.@Nullable Offer getOffer() {
    return null;
  }

  @Override
  public Map<String, Protos.Attribute> getAttributeMap() {
    return attributes;
  }

  @Override
  public @Nullable Double getScalarValue(String name) {
    return null;
  }

  @Override
  public Map<String, Double> getScalarValues() {
    return new HashMap<>();
  }
}
