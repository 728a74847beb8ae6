package dev.slipway.bench.scheduling;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// A machine type.
///
/// @param architecture `amd64` or `arm64`
/// @param cpu in thousandths of a core
/// @param memory in MiB
record MachineType(String name, String architecture, long cpu, long memory) {
  private static final String CATALOG = "ec2-types.csv";
  private static final long GIBIBYTE = 1024;
  private static final long CORE = 1000;

  /// The types of a cell.
  ///
  /// @param types 1, 8 or 60
  static List<MachineType> of(int types) {
    return switch (types) {
      case 1 -> List.of(common("m5.4xlarge", 16, 64));
      case 8 ->
          List.of(
              common("m5.2xlarge", 8, 32),
              common("m5.4xlarge", 16, 64),
              common("m5.8xlarge", 32, 128),
              common("m5.12xlarge", 48, 192),
              common("c5.4xlarge", 16, 32),
              common("c5.9xlarge", 36, 72),
              common("r5.2xlarge", 8, 64),
              new MachineType("r6g.4xlarge", "arm64", 16 * CORE, 128 * GIBIBYTE));
      case 60 -> catalog();
      default -> throw new IllegalArgumentException("1, 8 or 60 machine types, not " + types);
    };
  }

  private static MachineType common(String name, int cores, int gibibytes) {
    return new MachineType(name, "amd64", cores * CORE, gibibytes * GIBIBYTE);
  }

  private static List<MachineType> catalog() {
    InputStream resource = Objects.requireNonNull(MachineType.class.getResourceAsStream(CATALOG));
    try (var lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(","))
          .map(
              words ->
                  new MachineType(
                      words[0], words[1], Long.parseLong(words[2]), Long.parseLong(words[3])))
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
