package dev.slipway.endtoend.harness;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// One server for all tests of a class; after each, all apps are destroyed.
public final class SharedServer implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private final String name;
  private final String[] options;
  private @Nullable RunningServer server;

  public SharedServer(String name, String... options) {
    this.name = name;
    this.options = options.clone();
  }

  public RunningServer get() {
    if (server == null) {
      throw new IllegalStateException("no server runs outside of tests");
    }
    return server;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    server = RunningServer.start(name, options);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    get().destroyAll();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    get().close();
  }
}
