package dev.slipway.core.rebalancing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.slipway.core.app.AppSpecBuilder;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.UpgradeStrategy;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.placement.Strain;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RebalancerTest {
  private static final Resources FOUR = Resources.of(4, 4096, 0, 0);
  private static final int SEEDS = Integer.getInteger("slipway.seeds", 300);

  private final Yard yard = new Yard();

  @Test
  void emptiesTheNodeThatIsTheCheapestToEmpty() {
    yard.node("n1", FOUR).node("n2", FOUR).node("n3", FOUR);
    yard.app("/big", 3).app("/small", 0.5);
    yard.on("n1", "/big").on("n2", "/small", "/small").on("n3", "/big");

    Plan plan = yard.plan(0.1);

    // Two of one app do not come to stand together where they stood apart, but they did not.
    assertThat(plan.moves()).extracting(move -> move.from().value()).containsOnly("n2");
    assertThat(plan.nodesFreed()).isEqualTo(1);
    assertThat(plan.freed()).isCloseTo(1 / 3.0, offset(1e-9));
    assertThat(plan.moved()).isEqualTo(Resources.of(1, 128, 0, 0));
    assertThat(plan.summary())
        .isEqualTo("2 moves empty 1 node, 0.333 of all that the ready nodes offer");
  }

  @Test
  void saysWhatItWouldTakeWhereThatIsNotWorthIt() {
    for (int i = 1; i <= 20; i++) {
      yard.node("n" + (10 + i), FOUR);
    }
    yard.app("/a", 1).app("/b", 1).on("n11", "/a").on("n12", "/b");

    assertThat(yard.plan(0.06).moves()).isEmpty();
    assertThat(yard.plan(0.06).summary())
        .isEqualTo(
            "not worth it: 1 move would empty 1 node, 0.050 of all that the ready nodes offer,"
                + " less than the minimumGain of 0.060");
    assertThat(yard.plan(0.05).moves()).hasSize(1);
  }

  @Test
  void bringsNoInstancesTogetherThatStoodApart() {
    yard.node("n1", FOUR).node("n2", FOUR).app("/web", 0.5).on("n1", "/web").on("n2", "/web");

    assertThat(yard.plan(0).moves()).isEmpty();
    assertThat(yard.plan(0).summary()).isEqualTo("no node can be emptied onto those in use");
  }

  @Test
  void leavesANodeAloneOfWhichOneInstanceCannotLeave() {
    yard.node("n1", FOUR).node("n2", FOUR).app("/a", 0.5).app("/b", 0.5).app("/c", 0.5);
    yard.on("n1", "/a", "/b").on("n2", "/c").unmovable("/b").unmovable("/c");

    assertThat(yard.plan(0).moves()).isEmpty();
  }

  @Test
  void takesANodeWithNothingButDaemonsForFree() {
    var daemon = new Scheduling(List.of(), List.of(), List.of(), 0, true, false);
    yard.node("n1", FOUR).node("n2", FOUR).app("/agent", 0.1, app -> app.scheduling(daemon));
    yard.app("/a", 1).app("/b", 1).unmovable("/agent");
    yard.on("n1", "/agent", "/a").on("n2", "/agent", "/b");

    Plan plan = yard.plan(0);

    assertThat(plan.moves()).hasSize(1);
    assertThat(plan.nodesFreed()).isEqualTo(1);
  }

  @Test
  void putsNothingOnANodeThatDrainsOrIsSilent() {
    yard.node("n1", FOUR).node("n2", FOUR).app("/a", 1).app("/b", 1);
    yard.on("n1", "/a").on("n2", "/b");

    yard.changed("n2", node -> node.withDraining(true, Yard.START));
    assertThat(yard.plan(0).moves()).isEmpty();

    yard.changed("n2", node -> node.withDraining(false, Yard.START).silenced(Yard.START));
    assertThat(yard.plan(0).moves()).isEmpty();
  }

  @Test
  void mendsAnUnevenSpreadWhenAZoneIsBack() {
    yard.node("n1", FOUR, "zone", "a").node("n2", FOUR, "zone", "b");
    yard.app("/web", 0.5, grouped("zone", Constraint.Operator.GROUP_BY, "2"));
    yard.on("n1", "/web", "/web", "/web", "/web");

    Plan plan = yard.plan(1);

    assertThat(plan.moves()).hasSize(2);
    assertThat(plan.moves().getFirst().cause()).isEqualTo(Move.Cause.MEND_RULE);
    assertThat(plan.moves().getFirst().why()).isEqualTo("mends zone GROUP_BY 2");
    plan.moves().forEach(move -> assertThat(yard.make(move)).isEmpty());
    assertThat(yard.where("/web")).containsExactly("n1", "n1", "n2", "n2");
    assertThat(yard.plan(0).moves()).isEmpty();
  }

  @Test
  void bringsTogetherWhatCameApart() {
    for (int i = 1; i <= 3; i++) {
      yard.node("n" + i, FOUR, "rack", "r" + i);
    }
    yard.app("/db", 0.5, grouped("rack", Constraint.Operator.CLUSTER, ""));
    yard.on("n2", "/db").on("n1", "/db").on("n3", "/db");

    yard.plan(0).moves().forEach(move -> assertThat(yard.make(move)).isEmpty());

    assertThat(yard.where("/db")).containsExactly("n2", "n2", "n2");
  }

  @Test
  void setsApartWhatStandsTogetherAgainstARule() {
    var apart =
        new Scheduling(
            List.of(),
            List.of(),
            List.of(new Scheduling.Affinity(PathId.of("/b"), "hostname", OptionalInt.empty())),
            0,
            false,
            false);
    yard.node("n1", FOUR).node("n2", FOUR).app("/a", 1, app -> app.scheduling(apart)).app("/b", 1);
    yard.on("n1", "/a", "/b");

    Plan plan = yard.plan(1);

    assertThat(plan.moves()).hasSize(1);
    assertThat(plan.mended()).isEqualTo(new Strain(1, 0));
    assertThat(plan.moves().getFirst().why()).isEqualTo("mends apart from /b by hostname");
  }

  @Test
  void goesBackToAPreferredNodeButOpensNoneForIt() {
    var fast = new Constraint("disk", Constraint.Operator.IS, Optional.of("ssd"));
    yard.node("n1", FOUR).node("n2", FOUR, "disk", "ssd");
    yard.app("/db", 1, app -> app.preferences(List.of(new Preference(fast, 30)))).app("/x", 3);
    yard.on("n1", "/db", "/x");

    assertThat(yard.plan(0).moves()).isEmpty();

    yard.app("/y", 3).on("n2", "/y");
    Plan plan = yard.plan(0);
    assertThat(plan.moves()).hasSize(1);
    assertThat(plan.moves().getFirst().cause()).isEqualTo(Move.Cause.MEET_PREFERENCE);
    assertThat(plan.mended()).isEqualTo(new Strain(0, 30));
  }

  @Test
  void takesNobodyFromAnAppThatWantsToBeWithIt() {
    var with =
        new Scheduling(
            List.of(),
            List.of(new Scheduling.Affinity(PathId.of("/b"), "hostname", OptionalInt.empty())),
            List.of(),
            0,
            false,
            false);
    yard.node("n1", FOUR).node("n2", FOUR).app("/a", 1, app -> app.scheduling(with)).app("/b", 1);
    yard.app("/c", 1).unmovable("/a").unmovable("/c").on("n1", "/a").on("n1", "/b");
    yard.on("n2", "/c");

    assertThat(yard.plan(0).moves()).isEmpty();
  }

  @Test
  void endsAndNeverHasMoreNodesInUseForTheSakeOfPacking() {
    var causes = EnumSet.noneOf(Move.Cause.class);
    for (long seed = 1; seed <= SEEDS; seed++) {
      var world = random(new Random(seed));
      Strain strain = world.strain();
      long used = world.used();
      int rounds = 0;
      Plan plan = world.plan(0);
      while (!plan.isEmpty()) {
        assertThat(rounds++).as("rounds of seed %d", seed).isLessThan(100);
        assertThat(world.plan(0)).as("planned again, seed %d", seed).isEqualTo(plan);
        for (Move move : plan.moves()) {
          causes.add(move.cause());
          Strain before = world.strain();
          assertThat(world.make(move)).as("%s of seed %d", move, seed).isEmpty();
          boolean packs = move.cause() == Move.Cause.EMPTY_NODE;
          assertThat(world.strain().compareTo(before))
              .as("%s of seed %d", move, seed)
              .isLessThanOrEqualTo(packs ? 0 : -1);
        }
        boolean rules = plan.mended().required() > 0;
        assertThat(world.used()).as("seed %d", seed).isLessThanOrEqualTo(rules ? 99 : used);
        int byStrain = world.strain().compareTo(strain);
        assertThat(byStrain < 0 || (byStrain == 0 && world.used() < used))
            .as("the potential falls, seed %d, %s", seed, plan)
            .isTrue();
        strain = world.strain();
        used = world.used();
        plan = world.plan(0);
      }
    }
    assertThat(causes).containsExactlyInAnyOrder(Move.Cause.values());
  }

  private static Yard random(Random random) {
    var world = new Yard();
    int nodes = 2 + random.nextInt(8);
    for (int i = 0; i < nodes; i++) {
      world.node(
          "n" + i,
          Resources.of(2 + random.nextInt(4), 4096, 0, 0),
          "zone",
          "z" + random.nextInt(3),
          "rack",
          "r" + random.nextInt(4));
    }
    List<PathId> apps = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String id = "/app" + i;
      apps.add(PathId.of(id));
      world.app(
          id,
          (1 + random.nextInt(6)) / 4.0,
          app -> {
            if (random.nextInt(3) == 0) {
              app.constraints(List.of(constraint(random)));
            }
            if (random.nextInt(3) == 0) {
              app.preferences(List.of(new Preference(constraint(random), 1 + random.nextInt(100))));
            }
            if (random.nextInt(3) == 0) {
              app.scheduling(scheduling(random));
            }
            return app.upgradeStrategy(
                random.nextInt(3) == 0 ? new UpgradeStrategy(0.5, 0) : new UpgradeStrategy(1, 1));
          });
    }
    List<InstanceId> placed = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      PathId app = apps.get(random.nextInt(apps.size()));
      if (random.nextInt(4) > 0) {
        world.placed(app).ifPresent(placed::add);
      } else {
        misplace(world, random, app, nodes);
      }
    }
    for (InstanceId id : placed) {
      if (random.nextInt(3) == 0) {
        world.end(id);
      }
    }
    return world;
  }

  /// Where it fits, whatever the rules say.
  private static void misplace(Yard world, Random random, PathId app, int nodes) {
    String node = "n" + random.nextInt(nodes);
    var record = requireNonNull(world.nodes().byId().get(new NodeId(node)));
    if (requireNonNull(world.apps().get(app)).resources().fitsIn(record.free())) {
      world.on(node, app.toString());
    }
  }

  private static Scheduling scheduling(Random random) {
    var weight = random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(10);
    var other = new Scheduling.Affinity(PathId.of("/app" + random.nextInt(5)), "hostname", weight);
    return switch (random.nextInt(3)) {
      case 0 ->
          new Scheduling(
              List.of(new Scheduling.Spread("zone", 1 + random.nextInt(2), weight)),
              List.of(),
              List.of(),
              0,
              false,
              false);
      case 1 -> new Scheduling(List.of(), List.of(other), List.of(), 0, false, false);
      default -> new Scheduling(List.of(), List.of(), List.of(other), 0, false, false);
    };
  }

  private static Constraint constraint(Random random) {
    String field = random.nextBoolean() ? "zone" : "rack";
    return switch (random.nextInt(6)) {
      case 0 -> new Constraint(field, Constraint.Operator.CLUSTER, Optional.empty());
      case 1 -> new Constraint(field, Constraint.Operator.GROUP_BY, Optional.of("2"));
      case 2 -> new Constraint(field, Constraint.Operator.GROUP_BY, Optional.empty());
      case 3 -> new Constraint(field, Constraint.Operator.MAX_PER, Optional.of("2"));
      case 4 -> new Constraint("hostname", Constraint.Operator.UNIQUE, Optional.empty());
      default -> new Constraint("rack", Constraint.Operator.UNLIKE, Optional.of("r[12]"));
    };
  }

  private static UnaryOperator<AppSpecBuilder> grouped(
      String field, Constraint.Operator operator, String value) {
    return app ->
        app.constraints(
            List.of(
                new Constraint(
                    field, operator, Optional.of(value).filter(text -> !text.isEmpty()))));
  }
}
