package dev.slipway.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What goes on, for the person who waits: on a terminal a few lines drawn anew, elsewhere one line
/// for each change.
///
/// Lines are keyed, so that a change is told apart from a repetition. Silent with `--json`. Drawn
/// by one thread; [#abandon] may come from another (Ctrl-C).
public final class Progress {
  private static final int MOST_LINES = 15;

  private final Session session;
  private final Map<String, String> told = new LinkedHashMap<>();
  private int drawn;
  private volatile boolean abandoned;

  public Progress(Session session) {
    this.session = session;
  }

  /// Shows the lines as they are now: key to text, in order.
  public void show(Map<String, String> lines) {
    if (session.json() || abandoned) {
      return;
    }
    if (session.screen().terminal()) {
      draw(List.copyOf(lines.values()));
      return;
    }
    lines.forEach(
        (key, text) -> {
          if (!text.equals(told.put(key, text))) {
            session.print(text);
          }
        });
    told.keySet().retainAll(lines.keySet());
    session.surroundings().out().flush();
  }

  /// Leaves a line standing above what is drawn from now on.
  public void say(String line) {
    if (session.json() || abandoned) {
      return;
    }
    clear();
    session.print(line);
    session.surroundings().out().flush();
  }

  /// Takes the drawn lines away, before the last word.
  public void clear() {
    if (drawn > 0) {
      session.surroundings().out().print("\u001b[" + drawn + "A\u001b[J");
      session.surroundings().out().flush();
      drawn = 0;
    }
  }

  /// Nothing more is drawn: somebody else has the last word.
  void abandon() {
    abandoned = true;
  }

  private void draw(List<String> lines) {
    clear();
    int room = session.screen().width() - 1;
    int shown = lines.size() > MOST_LINES ? MOST_LINES - 1 : lines.size();
    for (String line : lines.subList(0, shown)) {
      session.print(Words.cut(Words.printable(line), room, session.screen()));
    }
    if (shown < lines.size()) {
      session.print("and " + Words.count(lines.size() - shown, "line") + " more");
    }
    drawn = Math.min(lines.size(), MOST_LINES);
    session.surroundings().out().flush();
  }
}
