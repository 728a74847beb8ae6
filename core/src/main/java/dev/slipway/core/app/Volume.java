package dev.slipway.core.app;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// Something that a task sees at a path of its own (Marathon's `container.volumes`).
public sealed interface Volume {
  /// Where the task sees it; relative paths start at the sandbox.
  String containerPath();

  /// A directory of the node.
  record Host(String containerPath, String hostPath, boolean readOnly) implements Volume {}

  /// A directory of the node that belongs to an instance and outlives its tasks.
  ///
  /// @param containerPath one name, below the sandbox
  /// @param sizeMebibytes what is requested of the node's disk for it
  /// @param maxSizeMebibytes for disks of their own only
  /// @param constraints on the paths of disks, kept as given
  record Persistent(
      String containerPath,
      Disk disk,
      long sizeMebibytes,
      Optional<Long> maxSizeMebibytes,
      Optional<String> profileName,
      List<Constraint> constraints)
      implements Volume {
    public Persistent {
      constraints = List.copyOf(constraints);
    }
  }

  /// What of the node's disks a persistent volume is made of, as Mesos tells them apart.
  enum Disk {
    ROOT,
    PATH,
    MOUNT
  }

  /// A volume of a storage system that the node can reach.
  record External(
      String containerPath,
      boolean readOnly,
      String name,
      String provider,
      SortedMap<String, String> options,
      Optional<Long> sizeMebibytes)
      implements Volume {
    public External {
      options = Sorted.copyOf(options);
    }
  }

  /// A file that holds a secret.
  ///
  /// @param secret the app's name for it
  record SecretFile(String containerPath, String secret) implements Volume {}
}
