package dev.slipway.engine.local;

import dev.slipway.core.app.PathId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// What an engine is made of, once the machine was looked at: which control groups there are, which
/// tier tasks run in, and what starts them.
record Machinery(
    EngineDirectory directory,
    List<Node> nodes,
    EpochFence fence,
    ControlGroups groups,
    IsolationTier tier,
    Volumes volumes,
    Outfitter outfitter,
    TaskStart start,
    CommandRun commands) {

  /// @throws EngineRefusal when the machine does not allow what the settings demand
  static Machinery assemble(LocalEngineSettings settings) throws IOException, InterruptedException {
    var directory = new EngineDirectory(settings.directory());
    directory.prepare();
    var fence = new EpochFence(directory);
    Account self = Accounts.self();
    var accounts = new Accounts(directory.accounts(), self, settings.rootAllowed());
    Account trial = trialAccount(accounts);
    ControlGroups groups = groups(settings);
    boolean root = self.uid() == 0;
    int processes = root && !groups.limitProcesses() ? settings.limits().processes() : 0;
    Path javaHome = Path.of(System.getProperty("java.home"));
    var programs = new Isolation.Programs(root, javaHome, processes);
    Isolation isolation;
    try {
      var ways = Isolation.candidates(programs, directory);
      isolation = TierProbe.choose(ways, settings.isolation(), directory, trial);
    } catch (EngineRefusal refusal) {
      groups.close();
      throw refusal;
    }
    IsolationTier tier = isolation.tier();
    var volumes = new Volumes(directory);
    var outfitter =
        new Outfitter(
            settings.secrets(),
            SecretFiles.of(directory),
            volumes,
            settings.hostPaths(),
            MountTargets.of(directory, javaHome),
            isolation.mounts());
    boolean mounting = isolation.mounts();
    var supervisor =
        new Supervisor(directory, isolation, settings.limits(), Devices.of(settings.nodes()));
    return new Machinery(
        directory,
        settings.nodes().stream().map(node -> described(node, tier, mounting)).toList(),
        fence,
        groups,
        tier,
        volumes,
        outfitter,
        new TaskStart(settings, accounts, groups, supervisor, outfitter, tier),
        new CommandRun(supervisor, outfitter));
  }

  private static ControlGroups groups(LocalEngineSettings settings)
      throws IOException, InterruptedException {
    if (!settings.controlGroups()) {
      return ControlGroups.none();
    }
    return ControlGroups.probe(settings.directory());
  }

  private static Account trialAccount(Accounts accounts) throws IOException {
    try {
      return accounts.accountFor(PathId.of("/slipway-trial"), Optional.empty());
    } catch (Accounts.AccountProblem none) {
      throw new EngineRefusal(String.valueOf(none.getMessage()), none);
    }
  }

  private static Node described(Node node, IsolationTier tier, boolean mounting) {
    var features = new TreeSet<>(node.features());
    features.add(NodeFeature.PERSISTENT_VOLUMES);
    features.add(NodeFeature.GPU_SHARES);
    if (mounting) {
      features.add(NodeFeature.HOST_VOLUMES);
    }
    var attributes = new TreeMap<>(node.attributes());
    attributes.put("isolation", tier.label());
    return new Node(
        node.id(),
        node.hostname(),
        node.address(),
        node.capacity(),
        node.dynamicPorts(),
        node.fixedPorts(),
        attributes,
        features,
        node.dedicated(),
        node.risk(),
        node.closed(),
        node.mostTasks());
  }
}
