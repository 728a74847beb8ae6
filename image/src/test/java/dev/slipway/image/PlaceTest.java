package dev.slipway.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceTest {
  @ParameterizedTest
  @CsvSource({
    "localhost:5000/x, true",
    "127.0.0.1:5000/x, true",
    "127.8.9.1/x, true",
    "registry.example/x, false",
    "localhost.example:5000/x, false",
    "128.0.0.1:5000/x, false",
    "slipway, false",
    "tar:x.tar, true"
  })
  void onlyARegistryOfThisMachineMayGoWithoutTls(String place, boolean expected) {
    assertThat(Place.parse(place).mayGoWithoutTls()).isEqualTo(expected);
  }
}
