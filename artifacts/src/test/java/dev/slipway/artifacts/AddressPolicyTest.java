package dev.slipway.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
  private static boolean allowed(AddressPolicy policy, String address) {
    return policy.objectionTo(InetAddress.ofLiteral(address)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.0.1",
        "fe80::1",
        "febf::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "192.0.0.192",
        "::ffff:169.254.169.254",
        "64:ff9b::169.254.169.254",
        "2002:a9fe:a9fe::1",
        "::169.254.169.254",
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "ff02::1"
      })
  void metadataLinkLocalAndAddressesOfNoMachineAreRefusedByDefault(String address) {
    assertThat(allowed(AddressPolicy.DEFAULT, address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "172.31.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "fd12::1",
        "93.184.216.34",
        "2606:2800:220:1::1",
        "172.32.0.1",
        "169.253.255.255",
        "fec0::1"
      })
  void machinesOfOnesOwnAndPublicOnesAreAllowedByDefault(String address) {
    assertThat(allowed(AddressPolicy.DEFAULT, address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1.2.3",
        "::1",
        "::ffff:127.0.0.1",
        "10.0.0.1",
        "fc00::1",
        "192.168.0.1",
        "100.127.255.255",
        "172.16.0.1"
      })
  void aStrictPolicyAllowsPublicMachinesOnly(String address) {
    var strict = new AddressPolicy(false, false, false);

    assertThat(allowed(strict, address)).isFalse();
    assertThat(allowed(strict, "93.184.216.34")).isTrue();
  }

  @Test
  void linkLocalIsAllowedWhenSaidSoButNoAddressOfNoMachine() {
    var open = new AddressPolicy(true, true, true);

    assertThat(allowed(open, "169.254.169.254")).isTrue();
    assertThat(allowed(open, "fd00:ec2::254")).isTrue();
    assertThat(allowed(open, "0.0.0.0")).isFalse();
  }
}
