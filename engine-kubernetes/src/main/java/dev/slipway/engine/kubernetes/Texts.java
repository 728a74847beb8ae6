package dev.slipway.engine.kubernetes;

import java.util.regex.Pattern;

/// The forms that Kubernetes demands of names, checked where people write them, so that the mistake
/// is told at once and not by each pod.
final class Texts {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern RESOURCE =
      Pattern.compile(
          "[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][-A-Za-z0-9_.:/@]*");
  private static final int MOST_NAME = 253;
  private static final int MOST_IMAGE = 1024;

  private Texts() {}

  static void checkNamespace(String name) {
    if (!LABEL.matcher(name).matches()) {
      throw new IllegalArgumentException(
          ("'%s' is no name of a namespace: it has 1 to 63 small letters, digits and '-', and neither"
                  + " begins nor ends with '-'")
              .formatted(name));
    }
  }

  static void checkName(String what, String name) {
    if (name.length() > MOST_NAME || !SUBDOMAIN.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no name of a %s: it has 1 to 253 small letters, digits, '-' and '.'"
              .formatted(name, what));
    }
  }

  static void checkResource(String name) {
    if (!RESOURCE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no extended resource of nodes; one looks like nvidia.com/gpu".formatted(name));
    }
  }

  static void checkImage(String what, String name) {
    if (name.length() > MOST_IMAGE || !IMAGE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no %s; one looks like registry.example.com/shop/cart:1".formatted(name, what));
    }
  }
}
