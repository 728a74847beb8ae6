package dev.slipway.cli.task;

import dev.slipway.engine.kubernetes.InitFetch;

/// The program of a pod's init container. Every pod that fetches starts a JVM for it, so it loads
/// nothing of the command line or the server.
public final class FetchMain {
  private FetchMain() {}

  public static void main(String[] arguments) {
    System.exit(InitFetch.ofPod().run(order -> new PodFetcher(order, InitFetch.CACHE)));
  }
}
