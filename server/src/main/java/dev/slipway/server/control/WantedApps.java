package dev.slipway.server.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.GroupChange;
import dev.slipway.core.control.Input;
import dev.slipway.core.state.State;
import java.util.ArrayList;
import java.util.List;

/// What apps would be after a wish, as things stand now: for checks that are made before it is
/// decided about.
public final class WantedApps {
  private final State state;
  private final List<AppSpec> wanted = new ArrayList<>();

  private WantedApps(State state) {
    this.state = state;
  }

  /// The descriptions that the wish gives or brings back; those that core would refuse are left
  /// out.
  public static List<AppSpec> of(State state, Input.Command wish) {
    var apps = new WantedApps(state);
    switch (wish) {
      case Input.ChangeApps change -> apps.revise(change.changes());
      case Input.ChangeGroup change -> apps.revise(change.change());
      case Input.RestoreVersion restore ->
          state.app(restore.app(), restore.version()).map(App::spec).ifPresent(apps.wanted::add);
      case Input.RestoreGroup restore ->
          state
              .rootAt(restore.version())
              .ifPresent(
                  root ->
                      root.appsWithin(restore.group()).forEach(app -> apps.wanted.add(app.spec())));
      case Input.RestartApp _,
          Input.RemoveApp _,
          Input.RemoveGroup _,
          Input.KillInstances _,
          Input.CancelDeployment _,
          Input.ResumeDeployment _,
          Input.ClearBackoff _,
          Input.DrainNode _,
          Input.SetPlacementPolicy _,
          Input.ResumeEvictions _,
          Input.Rebalance _,
          Input.StopRebalancing _,
          Input.DeleteVolume _,
          Input.ForgetNode _ -> {}
    }
    return apps.wanted;
  }

  private void revise(GroupChange group) {
    group.apps().ifPresent(this::revise);
    group.groups().ifPresent(groups -> groups.forEach(this::revise));
  }

  private void revise(List<AppChange> changes) {
    for (AppChange change : changes) {
      switch (change.revision().apply(state.app(change.id()).map(App::spec))) {
        case AppChange.Result.Revised(AppSpec spec) -> wanted.add(spec);
        case AppChange.Result.Invalid _ -> {} // The core says it better.
      }
    }
  }
}
