package dev.slipway.engine.local;

import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Sorted;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// What this machine has to offer, and the nodes that offer it.
///
/// ```
/// LocalMachine machine = LocalMachine.probe(dataDirectory);
/// List<Node> nodes = machine.nodes(1, Map.of("rack", "a"));
/// ```
///
/// @param hostname the machine's own name, resolvable or not
/// @param milliCpus thousandths of the cores that the platform may use
/// @param memBytes the machine's memory, or the platform's own limit if that is less
/// @param diskBytes what is free where the data directory is
/// @param gpus how many devices tasks may be given
public record LocalMachine(
    String hostname, long milliCpus, long memBytes, long diskBytes, int gpus) {
  /// All nodes of one machine have this address, and so share its ports.
  public static final String ADDRESS = "127.0.0.1";

  /// Ports that are handed out, above those that Mesos hands out first and below the kernel's own
  /// (32768 on).
  public static final PortRange DYNAMIC_PORTS = new PortRange(31_000, 32_767);

  public static final PortRange FIXED_PORTS = new PortRange(1_024, 30_999);

  /// Most nodes that one machine can be offered as.
  public static final int MAX_NODES = 1_000;

  /// Most GPUs that one machine can offer.
  public static final int MAX_GPUS = 64;

  /// What NVIDIA's driver makes for each device.
  private static final Pattern GPU = Pattern.compile("nvidia[0-9]+");

  /// What is offered of memory and disk, in hundredths; the rest is for the system and the
  /// platform.
  private static final int OFFERED = 90;

  private static final Duration NAME_DEADLINE = Duration.ofSeconds(1);

  public LocalMachine {
    if (gpus < 0 || gpus > MAX_GPUS) {
      throw new IllegalArgumentException(
          "a machine offers 0 to " + MAX_GPUS + " gpus, not " + gpus);
    }
  }

  /// Looks at the machine.
  ///
  /// @param dataDirectory where tasks will be kept; it or a directory above it exists
  public static LocalMachine probe(Path dataDirectory) {
    try {
      String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      long memory = LongStream.concat(LongStream.of(physicalMemory()), limits()).min().orElse(0);
      long disk = Files.getFileStore(existing(dataDirectory)).getUsableSpace();
      int cores = Runtime.getRuntime().availableProcessors();
      return new LocalMachine(hostname, cores * 1000L, memory, disk, gpus(Path.of("/dev")));
    } catch (IOException e) {
      throw new UncheckedIOException("this machine cannot be looked at", e);
    }
  }

  /// The machine with so many GPUs to offer, whatever was found.
  ///
  /// @throws IllegalArgumentException when `count` is not within 0 to [#MAX_GPUS]
  public LocalMachine withGpus(int count) {
    return new LocalMachine(hostname, milliCpus, memBytes, diskBytes, count);
  }

  static int gpus(Path devices) throws IOException {
    try (Stream<Path> files = Files.list(devices)) {
      long found =
          files.filter(file -> GPU.matcher(file.getFileName().toString()).matches()).count();
      return (int) Math.min(found, MAX_GPUS);
    }
  }

  /// The machine as `count` nodes that share its capacity equally, all at [#ADDRESS];
  /// GPUs that do not divide go to the first ones.
  ///
  /// One node is called like the machine; its host name is the machine's too if that resolves, else
  /// `localhost`. Several are called `node-1`, `node-2`.. with the host names `node-1.localhost`..,
  /// which only tell them apart: who wants to reach a task takes the address.
  ///
  /// @throws IllegalArgumentException when `count` is not within 1 to [#MAX_NODES]
  public List<Node> nodes(int count, Map<String, String> attributes) {
    return nodes(count, attributes, Set.of());
  }

  /// The same, each dedicated to apps that ask for certain attributes.
  public List<Node> nodes(int count, Map<String, String> attributes, Set<String> dedicated) {
    return nodesForAll(count, attributes).stream()
        .map(node -> node.dedicatedTo(dedicated))
        .toList();
  }

  private List<Node> nodesForAll(int count, Map<String, String> attributes) {
    if (count < 1 || count > MAX_NODES) {
      throw new IllegalArgumentException(
          "a machine is offered as 1 to " + MAX_NODES + " nodes, not " + count);
    }
    if (count == 1) {
      return List.of(node(hostname, resolvable(hostname), share(0, 1), attributes));
    }
    List<Node> nodes = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String name = "node-" + i;
      nodes.add(node(name, name + ".localhost", share(i - 1, count), attributes));
    }
    return nodes;
  }

  private Resources share(int number, int shares) {
    return new Resources(
        milliCpus / shares,
        memBytes / 100 * OFFERED / shares,
        diskBytes / 100 * OFFERED / shares,
        (gpus / shares + (number < gpus % shares ? 1 : 0)) * Resources.DEVICE);
  }

  private static Node node(
      String id, String host, Resources capacity, Map<String, String> attributes) {
    return new Node(
        new NodeId(id),
        host,
        ADDRESS,
        capacity,
        DYNAMIC_PORTS,
        FIXED_PORTS,
        Sorted.copyOf(attributes));
  }

  /// A resolver that does not answer does not hold up the start.
  private static String resolvable(String name) {
    var resolved = new java.util.concurrent.atomic.AtomicBoolean();
    Thread resolver =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    resolved.set(InetAddress.getByName(name).getAddress().length > 0);
                  } catch (UnknownHostException unknown) {
                    resolved.set(false);
                  }
                });
    try {
      resolver.join(NAME_DEADLINE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return resolved.get() ? name : "localhost";
  }

  private static long physicalMemory() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
      return lines
          .filter(line -> line.startsWith("MemTotal:"))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .mapToLong(kibibytes -> Long.parseLong(kibibytes) * 1024)
          .findFirst()
          .orElseThrow(() -> new IOException("/proc/meminfo does not tell the memory"));
    }
  }

  /// The memory limits of the control groups that the platform itself is in.
  private static LongStream limits() throws IOException {
    LongStream.Builder limits = LongStream.builder();
    for (CgroupMount mount : CgroupMount.all()) {
      Path group = mount.own();
      while (group.startsWith(mount.point())) {
        for (String file : List.of("memory.max", "memory.limit_in_bytes")) {
          addLimit(limits, group.resolve(file));
        }
        group = group.resolve("..").normalize();
      }
    }
    return limits.build();
  }

  private static void addLimit(LongStream.Builder limits, Path file) throws IOException {
    if (!Files.isReadable(file)) {
      return;
    }
    String text = Files.readString(file).strip();
    if (!text.equals("max")) {
      limits.add(Long.parseLong(text));
    }
  }

  private static Path existing(Path path) {
    Path found = path.toAbsolutePath();
    while (!Files.exists(found) && found.getParent() != null) {
      found = found.resolve("..").normalize();
    }
    return found;
  }
}
