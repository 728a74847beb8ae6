package dev.slipway.bench.scheduling.peers;

import com.netflix.fenzo.ConstraintEvaluator;
import com.netflix.fenzo.TaskRequest;
import com.netflix.fenzo.VMTaskFitnessCalculator;
import dev.slipway.bench.scheduling.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A task as Fenzo asks about it.
final class FenzoTask implements TaskRequest {
  private static final int DISK = 2;

  private final Task task;
  private final int turn;
  private final List<ConstraintEvaluator> rules;
  private @Nullable AssignedResources assigned;

  /// @param turn its place among the tasks of one call
  FenzoTask(Task task, int turn, List<ConstraintEvaluator> rules) {
    this.task = task;
    this.turn = turn;
    this.rules = rules;
  }

  static String id(Task task) {
    return Integer.toString(task.index());
  }

  Task task() {
    return task;
  }

  int turn() {
    return turn;
  }

  @Override
  public String getId() {
    return id(task);
  }

  @Override
  public String taskGroupName() {
    return task.app();
  }

  @Override
  public double getCPUs() {
    return task.request().of(0);
  }

  @Override
  public double getMemory() {
    return task.request().of(1);
  }

  @Override
  public double getNetworkMbps() {
    return 0;
  }

  @Override
  public double getDisk() {
    return task.request().dimensions() > DISK ? task.request().of(DISK) : 0;
  }

  @Override
  public int getPorts() {
    return 0;
  }

  @Override
  public Map<String, Double> getScalarRequests() {
    return new HashMap<>();
  }

  @Override
  public Map<String, NamedResourceSetRequest> getCustomNamedResources() {
    return new HashMap<>();
  }

  @Override
  public List<ConstraintEvaluator> getHardConstraints() {
    return rules;
  }

  @Override
  public List<VMTaskFitnessCalculator> getSoftConstraints() {
    return List.of();
  }

  @Override
  public void setAssignedResources(AssignedResources assignedResources) {
    assigned = assignedResources;
  }

  @Override
  public @Nullable AssignedResources getAssignedResources() {
    return assigned;
  }
}
