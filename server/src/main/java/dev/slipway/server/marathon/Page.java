package dev.slipway.server.marathon;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The part of a list that a client asked for with `limit` and `offset`. Who asks for neither gets
/// all of it and no further header, as from Marathon.
///
/// @param asked whether the client asked for a part
/// @param offset how many are left out before it
record Page(boolean asked, int limit, int offset) {
  static final int MAX_LIMIT = 10_000;
  static final String TOTAL_HEADER = "X-Total-Count";

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final String LIMIT = "limit";
  private static final String OFFSET = "offset";

  /// @throws Rejected with 422 when one of them is no number that it can be
  static Page of(Query query) {
    Optional<Integer> limit = number(query, LIMIT, 1, MAX_LIMIT);
    Optional<Integer> offset = number(query, OFFSET, 0, Integer.MAX_VALUE);
    return new Page(
        limit.isPresent() || offset.isPresent(), limit.orElse(MAX_LIMIT), offset.orElse(0));
  }

  private static Optional<Integer> number(Query query, String name, int least, int most) {
    Optional<String> text = query.text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int value = NUMBER.matcher(text.get()).matches() ? Integer.parseInt(text.get()) : -1;
    if (value < least || value > most) {
      throw new Rejected(
          Answer.message(
              422, "'%s' must be a whole number from %d to %d".formatted(name, least, most)));
    }
    return Optional.of(value);
  }

  <T> List<T> of(List<T> all) {
    if (!asked) {
      return all;
    }
    int from = Math.min(offset, all.size());
    return all.subList(from, Math.min(all.size(), from + limit));
  }

  /// Tells how many there are in all, and where the parts before and after this one are.
  Answer describe(Answer answer, Call call, int total) {
    if (!asked) {
      return answer;
    }
    List<String> links = new ArrayList<>();
    if (offset > 0) {
      links.add(link(call, Math.max(0, offset - limit), "prev"));
    }
    if ((long) offset + limit < total) {
      links.add(link(call, offset + limit, "next"));
    }
    Answer counted = answer.with(TOTAL_HEADER, String.valueOf(total));
    return links.isEmpty() ? counted : counted.with("Link", String.join(", ", links));
  }

  private String link(Call call, int start, String relation) {
    int mark = call.uri().indexOf('?');
    String path = mark < 0 ? call.uri() : call.uri().substring(0, mark);
    String others =
        mark < 0
            ? ""
            : Arrays.stream(call.uri().substring(mark + 1).split("&"))
                .filter(pair -> !pair.isEmpty() && !isOurs(pair))
                .map(pair -> pair + "&")
                .collect(Collectors.joining());
    return "<%s?%slimit=%d&offset=%d>; rel=\"%s\"".formatted(path, others, limit, start, relation);
  }

  private static boolean isOurs(String pair) {
    return pair.startsWith(LIMIT + "=") || pair.startsWith(OFFSET + "=");
  }
}
