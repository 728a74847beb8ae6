package dev.slipway.core.scenario;

import dev.slipway.core.scenario.Sabotage.Spoilt;
import dev.slipway.core.state.Event;
import java.util.List;

/// Breaks what is recorded of the addresses of tasks.
final class AddressSabotage {
  private AddressSabotage() {}

  static Spoilt keepsOld(Spoilt good) {
    return good.events(
        event ->
            event instanceof Event.InstanceAddressesChanged changed
                    && good.before()
                        .instance(changed.instance())
                        .filter(known -> !known.addresses().isEmpty())
                        .isPresent()
                ? List.of()
                : List.of(event));
  }
}
