package dev.slipway.server.control;

import dev.slipway.core.control.Input;
import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.UsageSample;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/// Hands what an engine sees to the control loop, and what it measures to the board and the watch.
///
/// @param asked when the engine was asked to look, by the clock of decisions
public record EngineSights(
    Consumer<Input> loop,
    UsageBoard board,
    PressureWatch watch,
    Strays strays,
    InstantSource clock,
    Instant asked)
    implements EngineListener {
  @Override
  public void picture(EnginePicture picture) {
    loop.accept(new Input.EngineSeen(picture.by(asked)));
  }

  @Override
  public void nodeSeen(Node node) {
    loop.accept(new Input.NodeSeen(node));
  }

  @Override
  public void nodeSilent(NodeId node, String reason) {
    loop.accept(new Input.NodeSilent(node, reason));
  }

  @Override
  public void nodeGone(NodeId node, String reason) {
    loop.accept(new Input.NodeGone(node, reason));
  }

  @Override
  public void taskSeen(TaskObservation observation) {
    strays.observed(observation);
    loop.accept(new Input.TaskSeen(observation));
  }

  @Override
  public void usage(List<UsageSample> samples) {
    board.take(samples);
    watch.look(samples, clock.instant());
  }
}
