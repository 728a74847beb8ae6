package dev.slipway.bench.scheduling;

import dev.slipway.bench.scheduling.Tally.Counted;
import dev.slipway.bench.scheduling.Task.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Judges decisions that others have made. It shares no code with any policy, keeps books of its
/// own, and prefers the obvious to the fast.
///
/// The decisions of one batch are judged together, after all of them, since a policy may take the
/// tasks of a batch in any order: what lacks room, a port or a device then lacks it in every order.
/// Of rules about other apps only that counts which no order excuses.
///
/// Not for more than one thread.
public final class Referee {
  /// The attribute that every host has: its own name.
  public static final String HOSTNAME = "hostname";

  private static final int WHOLE_DEVICE = 1000;

  /// What stands on one host.
  private static final class Book {
    final long[] used;
    final int[] devices;
    final Map<Integer, Integer> ports = new HashMap<>();
    int tasks;

    Book(Host host) {
      used = new long[host.capacity().dimensions()];
      devices = new int[host.gpus()];
    }
  }

  /// Where a task stands.
  private record Stand(int host, long devices) {}

  private final List<Host> hosts;
  private final List<Book> books = new ArrayList<>();
  private final Map<String, Map<String, List<Host>>> byValue = new HashMap<>();
  private final Map<Integer, Stand> standing = new HashMap<>();
  private final Tally tally = new Tally();
  private final Map<Violation, Integer> violations = new EnumMap<>(Violation.class);
  private int missed;

  public Referee(List<Host> hosts) {
    this.hosts = List.copyOf(hosts);
    for (Host host : hosts) {
      books.add(new Book(host));
      host.attributes()
          .forEach(
              (name, value) ->
                  byValue
                      .computeIfAbsent(name, _ -> new HashMap<>())
                      .computeIfAbsent(value, _ -> new ArrayList<>())
                      .add(host));
    }
  }

  /// Judges the decisions about one batch of tasks.
  ///
  /// @param choices one a task; `host` is -1 where the task was refused
  /// @param exact whether a refusal must be right; else wrong ones count as [#missed]
  public void judge(List<Task> tasks, List<Policy.Choice> choices, boolean exact) {
    Map<Counted, Map<String, Integer>> before = strangers(tasks);
    Map<String, Integer> totalsBefore = new HashMap<>();
    before.keySet().forEach(each -> totalsBefore.put(each.app(), tally.total(each.app())));
    boolean[] booked = new boolean[tasks.size()];
    for (int i = 0; i < tasks.size(); i++) {
      if (choices.get(i).host >= 0) {
        booked[i] = book(tasks.get(i), choices.get(i));
      }
    }
    for (int i = 0; i < tasks.size(); i++) {
      if (booked[i]) {
        judgePlace(tasks.get(i), choices.get(i), before, totalsBefore);
      } else if (choices.get(i).host < 0) {
        judgeRefusal(tasks.get(i), exact);
      }
    }
  }

  /// Notes what stands already, and was judged when it was put there.
  public void adopt(Task task, Policy.Choice choice) {
    book(task, choice);
  }

  /// Notes that a task has left its host.
  public void remove(Task task, Policy.Choice choice) {
    Stand stand = standing.get(task.index());
    if (stand == null || stand.host() != choice.host || stand.devices() != choice.devices) {
      blame(Violation.REMOVED_FROM_NOWHERE);
      return;
    }
    standing.remove(task.index());
    enter(task, stand, -1);
  }

  /// How often what was done wrong.
  public Map<Violation, Integer> violations() {
    return new EnumMap<>(violations);
  }

  public int violationCount() {
    return violations.values().stream().mapToInt(Integer::intValue).sum();
  }

  /// Tasks that were refused though there was a host, by policies that do not promise to find it.
  public int missed() {
    return missed;
  }

  public int hostsUsed() {
    return (int) books.stream().filter(book -> book.tasks > 0).count();
  }

  /// How full a host is (0 to 1): the part that is taken of what it is shortest of.
  public double fullness(Host host) {
    Book book = books.get(host.index());
    double most = 0;
    for (int d = 0; d < book.used.length; d++) {
      if (host.capacity().of(d) > 0) {
        most = Math.max(most, (double) book.used[d] / host.capacity().of(d));
      }
    }
    if (book.devices.length > 0) {
      double taken = Arrays.stream(book.devices).sum();
      most = Math.max(most, taken / (WHOLE_DEVICE * book.devices.length));
    }
    return most;
  }

  /// The thousandths that are taken of each device of a host.
  public int[] devices(int host) {
    return books.get(host).devices.clone();
  }

  /// Whether a host could take a task now, all of its rules kept.
  public boolean fits(Task task, Host host) {
    return fitsButForSpread(task, host) && spreads(task, host);
  }

  // -- the books --

  private boolean book(Task task, Policy.Choice choice) {
    if (choice.host >= hosts.size()) {
      blame(Violation.NO_SUCH_HOST);
      return false;
    }
    if (standing.containsKey(task.index())) {
      blame(Violation.PLACED_TWICE);
      return false;
    }
    var stand = new Stand(choice.host, choice.devices);
    standing.put(task.index(), stand);
    enter(task, stand, 1);
    return true;
  }

  /// @param sign 1 to enter a task, -1 to strike it out
  private void enter(Task task, Stand stand, int sign) {
    Host host = hosts.get(stand.host());
    Book book = books.get(stand.host());
    book.tasks += sign;
    for (int d = 0; d < book.used.length; d++) {
      book.used[d] += sign * task.request().of(d);
    }
    task.ports().forEach(port -> book.ports.merge(port, sign, Integer::sum));
    for (int g = 0; g < book.devices.length; g++) {
      if ((stand.devices() >> g & 1) == 1) {
        book.devices[g] += sign * Math.min(task.milliGpus(), WHOLE_DEVICE);
      }
    }
    tally.add(task.app(), host, sign);
  }

  /// Where the apps stand before a batch that rules of its tasks speak of.
  private Map<Counted, Map<String, Integer>> strangers(List<Task> tasks) {
    Map<Counted, Map<String, Integer>> found = new HashMap<>();
    for (Task task : tasks) {
      for (Rule rule : task.rules()) {
        switch (rule) {
          case Rule.Apart(String app, String attribute) -> keep(found, new Counted(app, attribute));
          case Rule.Together(String app, String attribute) ->
              keep(found, new Counted(app, attribute));
          case Rule.Attribute _, Rule.Spread _, Rule.AtMost _ -> {}
        }
      }
    }
    return found;
  }

  private void keep(Map<Counted, Map<String, Integer>> found, Counted which) {
    found.computeIfAbsent(which, tally::now);
  }

  // -- judging --

  private void blame(Violation violation) {
    violations.merge(violation, 1, Integer::sum);
  }

  private void judgePlace(
      Task task,
      Policy.Choice choice,
      Map<Counted, Map<String, Integer>> before,
      Map<String, Integer> totalsBefore) {
    Host host = hosts.get(choice.host);
    Book book = books.get(choice.host);
    if (isOver(book.used, host.capacity())) {
      blame(Violation.OVER_CAPACITY);
    }
    if (task.ports().stream().anyMatch(port -> book.ports.getOrDefault(port, 0) > 1)) {
      blame(Violation.PORT_TAKEN);
    }
    judgeDevices(task, choice, host, book);
    if (!asksForDedicated(task, host)) {
      blame(Violation.DEDICATED);
    }
    for (Rule rule : task.rules()) {
      switch (rule) {
        case Rule.Attribute(String name, String wanted) -> {
          if (!Tally.value(host, name).equals(wanted)) {
            blame(Violation.WRONG_ATTRIBUTE);
          }
        }
        case Rule.Spread spread -> {
          if (isSkewed(task, spread, Tally.value(host, spread.attribute()))) {
            blame(Violation.SKEWED);
          }
        }
        case Rule.AtMost(String attribute, int most) -> {
          if (tally.at(task.app(), attribute, host) > most) {
            blame(Violation.TOO_MANY);
          }
        }
        case Rule.Apart apart -> {
          Map<String, Integer> were = before.get(new Counted(apart.app(), apart.attribute()));
          if (were != null && were.getOrDefault(Tally.value(host, apart.attribute()), 0) > 0) {
            blame(Violation.NOT_APART);
          }
        }
        case Rule.Together(String app, String attribute) -> {
          boolean isThere = tally.at(app, attribute, host) > 0;
          if (!isThere && totalsBefore.getOrDefault(app, 0) > 0) {
            blame(Violation.NOT_TOGETHER);
          }
        }
      }
    }
  }

  private static boolean isOver(long[] used, Amounts capacity) {
    for (int d = 0; d < used.length; d++) {
      if (used[d] > capacity.of(d)) {
        return true;
      }
    }
    return false;
  }

  private void judgeDevices(Task task, Policy.Choice choice, Host host, Book book) {
    int wanted = (task.milliGpus() + WHOLE_DEVICE - 1) / WHOLE_DEVICE;
    boolean isModel = wanted == 0 || isModel(task, host);
    long beyond = host.gpus() >= Long.SIZE ? 0 : choice.devices >>> host.gpus();
    if (Long.bitCount(choice.devices) != wanted || beyond != 0 || !isModel) {
      blame(Violation.WRONG_DEVICES);
    }
    for (int g = 0; g < book.devices.length; g++) {
      if ((choice.devices >> g & 1) == 1 && book.devices[g] > WHOLE_DEVICE) {
        blame(Violation.DEVICE_TAKEN);
        return;
      }
    }
  }

  private static boolean isModel(Task task, Host host) {
    return task.gpuModels().isEmpty() || task.gpuModels().contains(host.gpuModel());
  }

  private static boolean asksForDedicated(Task task, Host host) {
    return host.dedicated().stream()
        .allMatch(
            name ->
                task.rules().stream()
                    .anyMatch(
                        rule -> rule instanceof Rule.Attribute asked && asked.name().equals(name)));
  }

  /// Whether another value has too few of the app's tasks though it could have more.
  private boolean isSkewed(Task task, Rule.Spread spread, String chosen) {
    if (chosen.isEmpty()) {
      return true;
    }
    return isBeaten(task, spread, tally.at(task.app(), spread.attribute(), chosen));
  }

  /// Whether a value that could have one more has too few beside one of `here` tasks.
  private boolean isBeaten(Task task, Rule.Spread spread, int here) {
    for (Map.Entry<String, List<Host>> other : values(spread.attribute()).entrySet()) {
      boolean isLess =
          tally.at(task.app(), spread.attribute(), other.getKey()) < here - spread.skew();
      if (isLess && other.getValue().stream().anyMatch(host -> fitsButForSpread(task, host))) {
        return true;
      }
    }
    return false;
  }

  private Map<String, List<Host>> values(String attribute) {
    if (attribute.equals(HOSTNAME) && !byValue.containsKey(HOSTNAME)) {
      Map<String, List<Host>> alone = new HashMap<>();
      hosts.forEach(host -> alone.put(host.name(), List.of(host)));
      byValue.put(HOSTNAME, alone);
    }
    return byValue.getOrDefault(attribute, Map.of());
  }

  private void judgeRefusal(Task task, boolean exact) {
    if (!hasHost(task)) {
      return;
    }
    if (exact) {
      blame(Violation.WRONGLY_REFUSED);
    } else {
      missed++;
    }
  }

  /// Whether any host could take a task.
  private boolean hasHost(Task task) {
    List<Host> feasible = hosts.stream().filter(host -> fitsButForSpread(task, host)).toList();
    Map<String, Integer> least = new HashMap<>();
    for (Rule rule : task.rules()) {
      if (rule instanceof Rule.Spread(String attribute, int _)) {
        feasible.forEach(
            host -> least.merge(attribute, tally.at(task.app(), attribute, host), Math::min));
      }
    }
    return feasible.stream()
        .anyMatch(
            host ->
                task.rules().stream()
                    .allMatch(
                        rule ->
                            !(rule instanceof Rule.Spread(String attribute, int skew))
                                || tally.at(task.app(), attribute, host) + 1 - skew
                                    <= least.getOrDefault(attribute, 0)));
  }

  private boolean spreads(Task task, Host host) {
    return task.rules().stream()
        .allMatch(
            rule ->
                !(rule instanceof Rule.Spread spread)
                    || !isBeaten(task, spread, tally.at(task.app(), spread.attribute(), host) + 1));
  }

  private boolean fitsButForSpread(Task task, Host host) {
    Book book = books.get(host.index());
    for (int d = 0; d < book.used.length; d++) {
      if (task.request().of(d) > host.capacity().of(d) - book.used[d]) {
        return false;
      }
    }
    return hasDevices(task, host, book)
        && asksForDedicated(task, host)
        && task.ports().stream().allMatch(port -> book.ports.getOrDefault(port, 0) == 0)
        && task.rules().stream().allMatch(rule -> keeps(task, host, rule));
  }

  private static boolean hasDevices(Task task, Host host, Book book) {
    if (task.milliGpus() == 0) {
      return true;
    }
    int share = Math.min(task.milliGpus(), WHOLE_DEVICE);
    int wanted = (task.milliGpus() + WHOLE_DEVICE - 1) / WHOLE_DEVICE;
    long free = Arrays.stream(book.devices).filter(used -> used + share <= WHOLE_DEVICE).count();
    return free >= wanted && isModel(task, host);
  }

  private boolean keeps(Task task, Host host, Rule rule) {
    return switch (rule) {
      case Rule.Attribute(String name, String wanted) -> Tally.value(host, name).equals(wanted);
      case Rule.Spread(String attribute, int _) -> !Tally.value(host, attribute).isEmpty();
      case Rule.AtMost(String attribute, int most) ->
          !Tally.value(host, attribute).isEmpty() && tally.at(task.app(), attribute, host) < most;
      case Rule.Apart(String app, String attribute) -> tally.at(app, attribute, host) == 0;
      case Rule.Together(String app, String attribute) ->
          tally.total(app) == 0 || tally.at(app, attribute, host) > 0;
    };
  }
}
