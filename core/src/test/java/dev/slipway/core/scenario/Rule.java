package dev.slipway.core.scenario;

/// What must hold, whatever happens; each has a name so that a failure tells which was broken.
enum Rule {
  PURE("an input without events changes nothing, and a refused wish records nothing"),
  REPLAY("replaying the journal gives the live state"),
  RUNS_ONCE("no instance ever runs twice"),
  HEALTH("what the platform ends of its own accord leaves as many ready as were asked for"),
  CAPACITY("never are there more instances than the strategy allows"),
  DAEMONS("a daemon has one instance on each node that is for it, and nowhere else"),
  GANGS("a gang is placed as a whole, or not at all"),
  KILL_CAUSE("every kill has a recorded cause that was so"),
  YIELDING("room is made for higher priorities alone, within the budget, and is kept for them"),
  SILENCE("nothing is ended because somebody went quiet"),
  PRESSURE("nothing is ended or started because a node is under pressure"),
  EPOCH("epochs only rise, and what is ordered carries the one in force"),
  PLACES("resources are taken and released exactly once"),
  PORTS("ports are taken and released exactly once"),
  VOLUMES("a volume belongs to one instance at most, and is destroyed on request alone"),
  TALLIES("what is counted along is what is there"),
  HEADROOM("who may not take headroom leaves it"),
  MACHINE("no machine runs more than it has room and ports for"),
  MOVES("no more are moved at once than are allowed, one of an app, and each move ends"),
  LOCKS("what holds an app is a deployment that goes on"),
  WISHES("what is wanted changes by accepted wishes alone, and as they say"),
  DURABLE("a write that was answered survives"),
  ENDS("a deployment ends or names what it waits for"),
  ORPHANS("what runs is what is recorded"),
  ADDRESSES("a task is reached where its engine said last"),
  CONVERGES("after quiet everything is as wanted, or says why not"),
  BOUNDED("everything that is kept has a limit");

  private final String sentence;

  Rule(String sentence) {
    this.sentence = sentence;
  }

  /// Fails with this rule's name when it is broken.
  @SuppressWarnings("AnnotateFormatMethod")
  void holds(boolean kept, String form, Object... arguments) {
    if (!kept) {
      throw broken(form.formatted(arguments));
    }
  }

  Broken broken(String what) {
    return new Broken(this, what);
  }

  /// A rule was broken.
  static final class Broken extends AssertionError {
    private static final long serialVersionUID = 1;

    private final Rule rule;

    Broken(Rule rule, String what) {
      super(rule + " (" + rule.sentence + "): " + what);
      this.rule = rule;
    }

    Rule rule() {
      return rule;
    }
  }
}
