package dev.slipway.core.placement;

import static dev.slipway.core.placement.Machines.requestOfPorts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.SampleApps;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The nodes of these stories choose from 31000 to 31003 and let apps require 80 to 90.
class PortChoiceTest {
  private static final PortRequest ANY = new PortRequest.Any();

  private static PortRequest required(int port) {
    return new PortRequest.Required(port);
  }

  @Test
  void beginsAtTheCursorAndWrapsAround() {
    var machines = new Machines().node("n1");
    assertThat(machines.portsFor(requestOfPorts(0, ANY, ANY))).containsExactly(31000, 31001);
    assertThat(machines.portsFor(requestOfPorts(3, ANY, ANY))).containsExactly(31003, 31000);
    assertThat(machines.portsFor(requestOfPorts(4, ANY))).containsExactly(31000);
    assertThat(machines.portsFor(requestOfPorts(-1, ANY))).containsExactly(31003);
    assertThat(machines.portsFor(requestOfPorts(Integer.MAX_VALUE, ANY))).containsExactly(31003);
  }

  @Test
  void skipsWhatIsTaken() {
    var machines = new Machines().node("n1").running("n1", 31000, 31002);
    assertThat(machines.portsFor(requestOfPorts(0, ANY, ANY))).containsExactly(31001, 31003);
    assertThat(machines.portsFor(requestOfPorts(2, ANY, ANY))).containsExactly(31003, 31001);
  }

  @Test
  void givesAnAppAllPortsOfTheRangeAndNotOneMore() {
    var machines = new Machines().node("n1").running("n1", 31000);
    assertThat(machines.portsFor(requestOfPorts(0, ANY, ANY, ANY))).hasSize(3);
    assertThat(machines.verdict("n1", requestOfPorts(0, ANY, ANY, ANY, ANY)))
        .isEqualTo("INSUFFICIENT_PORTS: ports 3 free in 31000-31003 < 4 requested");
  }

  @Test
  void givesRequiredPortsOfEitherRangeInTheirOrder() {
    var machines = new Machines().node("n1");
    var request = requestOfPorts(0, ANY, required(31001), required(80), ANY);
    assertThat(machines.portsFor(request)).containsExactly(31000, 31001, 80, 31002);
  }

  @Test
  void refusesRequiredPortsThatAreTakenOrStrangeOrDouble() {
    var machines = new Machines().node("n1").running("n1", 80);
    assertThat(machines.verdict("n1", requestOfPorts(0, required(80))))
        .isEqualTo(
            "INSUFFICIENT_PORTS: port 80 is taken by"
                + " shop_cart.instance-00000000-0000-0000-0000-000000000000");
    assertThat(machines.verdict("n1", requestOfPorts(0, required(79))))
        .isEqualTo(
            "PORTS_NOT_OFFERED: port 79 is not among the node's ports 80-90 and 31000-31003");
    assertThat(machines.verdict("n1", requestOfPorts(0, required(81), required(81))))
        .isEqualTo("PORTS_NOT_OFFERED: port 81 is required twice");
    assertThatThrownBy(() -> required(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> required(65536)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sharesThePortsOfAnAddressAmongItsNodes() {
    var capacity = Resources.of(4, 4096, 0, 0);
    var machines = new Machines();
    machines
        .node("n1", "here", capacity)
        .node("n2", "here", capacity)
        .node("n3", "there", capacity);
    machines.running("n1", 80, 31000, 31001, 31002);
    assertThat(machines.fitting(requestOfPorts(0, required(80)))).containsExactly("n3");
    assertThat(machines.fitting(requestOfPorts(0, ANY, ANY))).containsExactly("n3");
    assertThat(machines.fitting(requestOfPorts(0, ANY))).containsExactly("n1", "n2", "n3");
    assertThat(machines.placeAll(9, requestOfPorts(0, required(81)))).containsExactly("n3", "n2");
  }

  @Test
  void readsWhatAnAppAsksFor() {
    var definitions = List.of(definition(0), definition(10001));
    var spec = SampleApps.sleeper("/shop/cart").withPorts(definitions);
    assertThat(Request.of(spec, 7))
        .isEqualTo(new Request(spec.id(), spec.resources(), List.of(), List.of(ANY, ANY), 7));
    assertThat(Request.of(requiring(spec), 0).ports()).containsExactly(ANY, required(10001));
  }

  private static PortDefinition definition(int port) {
    return new PortDefinition(port, "tcp", Optional.empty(), new TreeMap<>());
  }

  private static AppSpec requiring(AppSpec spec) {
    return spec.toBuilder().requirePorts(true).build();
  }
}
