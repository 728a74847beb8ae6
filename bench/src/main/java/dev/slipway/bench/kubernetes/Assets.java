package dev.slipway.bench.kubernetes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The directory with Kubernetes' own programs: etcd, kube-apiserver, kube-scheduler, kubemark.
public record Assets(Path directory) {
  /// What names it, as tests of Kubernetes' own tools have it.
  public static final String VARIABLE = "KUBEBUILDER_ASSETS";

  Path program(String name) {
    return directory.resolve(name);
  }

  /// Checks that programs are there before the first one is started.
  ///
  /// @throws MissingException with the names of those that are not
  public void require(String... names) {
    List<String> missing =
        Arrays.stream(names).filter(name -> !Files.isExecutable(program(name))).toList();
    if (!missing.isEmpty()) {
      throw new MissingException(
          "%s, which $%s names, has no %s"
              .formatted(
                  directory, VARIABLE, missing.stream().collect(Collectors.joining(" and no "))));
    }
  }
}
