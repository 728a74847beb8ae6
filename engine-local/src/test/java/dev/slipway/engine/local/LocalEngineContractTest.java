package dev.slipway.engine.local;

import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EngineContract;
import dev.slipway.core.engine.SecretReader;
import dev.slipway.core.engine.TerminalContract;
import dev.slipway.core.node.NodeId;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of engines, in every tier that this machine allows.
@ParameterizedClass
@MethodSource("dev.slipway.engine.local.Workshop#tiers")
@SuppressWarnings("NullAway.Init")
class LocalEngineContractTest implements EngineContract, TerminalContract {
  @Parameter IsolationTier tier;
  private Workshop workshop;

  @BeforeEach
  void openWorkshop() throws IOException {
    workshop = new Workshop(s -> s.withIsolation(IsolationDemand.exactly(tier)));
  }

  @AfterEach
  void closeWorkshop() throws IOException {
    workshop.close();
  }

  @Override
  public Engine open(SecretReader secrets) {
    return workshop.knowing(secrets).open();
  }

  @Override
  public NodeId node() {
    return workshop.settings().nodes().getFirst().id();
  }
}
