package dev.slipway.core.placement;

/// How far instances are from where the rules of their apps want them, as two numbers of which the
/// first outweighs the second. Nothing is wrong where both are 0.
///
/// @param required how many instances more than need be stand where a rule does not let them
/// @param preferred the same of rules with a weight, each counted by it
public record Strain(int required, int preferred) implements Comparable<Strain> {
  public static final Strain NONE = new Strain(0, 0);

  public Strain plus(Strain other) {
    return new Strain(required + other.required, preferred + other.preferred);
  }

  public Strain minus(Strain other) {
    return new Strain(required - other.required, preferred - other.preferred);
  }

  @Override
  public int compareTo(Strain other) {
    int byRequired = Integer.compare(required, other.required);
    return byRequired == 0 ? Integer.compare(preferred, other.preferred) : byRequired;
  }
}
