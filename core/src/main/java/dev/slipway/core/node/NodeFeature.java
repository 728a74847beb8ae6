package dev.slipway.core.node;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Network;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Volume;
import java.util.EnumSet;
import java.util.Set;

/// Something that not every engine can do for a task on its nodes.
public enum NodeFeature {
  /// Start a task from an image.
  IMAGES("runs no", "containers from images"),
  /// Grant a task all rights of the node.
  PRIVILEGE("runs no", "privileged containers"),
  /// Map ports to a network behind the node's.
  BRIDGE_NETWORK("has no", "bridge network"),
  /// Give each task an address.
  CONTAINER_NETWORK("has no", "container networks"),
  /// Keep directories for instances.
  PERSISTENT_VOLUMES("keeps no", "persistent volumes"),
  /// Show directories of the node to tasks.
  HOST_VOLUMES("shows tasks no", "host volumes"),
  /// Attach volumes of a storage system.
  EXTERNAL_VOLUMES("attaches no", "external volumes"),
  /// Give a task a terminal.
  TERMINALS("gives tasks no", "terminals"),
  /// Let several tasks use one GPU.
  GPU_SHARES("gives no", "shares of GPUs");

  private final String without;
  private final String text;

  NodeFeature(String without, String text) {
    this.without = without;
    this.text = text;
  }

  /// What is said of a node that lacks it: `runs no containers from images`.
  public String lack() {
    return without + " " + text;
  }

  /// What it is, for people: `container networks`.
  public String text() {
    return text;
  }

  /// What an app's tasks cannot do without.
  public static Set<NodeFeature> neededBy(AppSpec app) {
    var needed = EnumSet.noneOf(NodeFeature.class);
    app.container().ifPresent(container -> addNeedsOf(container, needed));
    for (Network network : app.networks()) {
      switch (network.mode()) {
        case HOST -> {}
        case BRIDGE -> needed.add(BRIDGE_NETWORK);
        case CONTAINER -> needed.add(CONTAINER_NETWORK);
      }
    }
    if (app.tty()) {
      needed.add(TERMINALS);
    }
    if (app.resources().milliGpus() % Resources.DEVICE != 0) {
      needed.add(GPU_SHARES);
    }
    return needed;
  }

  private static void addNeedsOf(Container container, Set<NodeFeature> needed) {
    container
        .image()
        .ifPresent(
            image -> {
              needed.add(IMAGES);
              if (image.privileged()) {
                needed.add(PRIVILEGE);
              }
            });
    for (Volume volume : container.volumes()) {
      switch (volume) {
        case Volume.Host _ -> needed.add(HOST_VOLUMES);
        case Volume.Persistent _ -> needed.add(PERSISTENT_VOLUMES);
        case Volume.External _ -> needed.add(EXTERNAL_VOLUMES);
        case Volume.SecretFile _ -> {}
      }
    }
  }
}
