package dev.slipway.example.crawler.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.example.crawler.message.Item;
import dev.slipway.example.crawler.message.Page;
import dev.slipway.example.crawler.message.PageResult;
import dev.slipway.example.crawler.message.PageResult.Ending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Crawls random sites while messages come twice, late and in any order, queues lose all they hold,
/// and the store starts anew. A seed that fails is told in the test's name.
class CrawlSimulationTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final int SEEDS = 200;

  private final List<CrawlEvent> journal = new ArrayList<>();
  private final List<Page> queue = new ArrayList<>();
  private final List<PageResult> results = new ArrayList<>();
  private Frontier frontier = new Frontier(10_000, 10_000);

  static List<Integer> seeds() {
    return java.util.stream.IntStream.range(0, SEEDS).boxed().toList();
  }

  private static String url(int number) {
    return "http://shop/" + number;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyReachablePageEndsOnceAndOnlyThenIsTheCrawlDone(int seed) {
    Random random = new Random(seed);
    int pages = 1 + random.nextInt(60);
    List<List<Integer>> links = site(pages, random);
    Set<String> reachable = reachable(links);
    frontier.decideStart(List.of(url(0)), NOW).ifPresent(this::record);
    for (int step = 0; !frontier.isDone(); step++) {
      assertThat(step).as("steps").isLessThan(100_000);
      step(random, links);
    }
    List<CrawlEvent.PageEnded> ends =
        journal.stream()
            .filter(CrawlEvent.PageEnded.class::isInstance)
            .map(CrawlEvent.PageEnded.class::cast)
            .toList();
    assertThat(ends)
        .extracting(end -> end.page().url())
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(reachable);
    assertThat(ends.stream().flatMap(end -> end.items().stream()).map(Item::link))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(reachable);
    assertThat(frontier.known()).isEqualTo(reachable.size());
  }

  private void step(Random random, List<List<Integer>> links) {
    int dice = random.nextInt(100);
    if (dice < 25) {
      List<Page> due = frontier.due(1 + random.nextInt(8));
      queue.addAll(due);
      if (random.nextInt(10) > 0) {
        frontier.handOut(due);
      }
    } else if (dice < 60 && !queue.isEmpty()) {
      int index = random.nextInt(queue.size());
      results.add(result(queue.get(index), links));
      if (random.nextInt(5) > 0) {
        queue.remove(index);
      }
    } else if (dice < 95 && !results.isEmpty()) {
      int index = random.nextInt(results.size());
      frontier.decide(results.get(index), NOW).ifPresent(this::record);
      if (random.nextInt(5) > 0) {
        results.remove(index);
      }
    } else if (dice < 97) {
      restart();
    } else if (dice == 97) {
      queue.clear();
      results.clear();
      // A page that is given up after too many losses would be a right end too, but of another
      // kind.
      assertThat(frontier.takeBack()).allSatisfy(page -> queue.add(page));
    }
  }

  private void restart() {
    int known = frontier.known();
    int ended = frontier.ended();
    frontier = new Frontier(10_000, 10_000);
    journal.forEach(frontier::evolve);
    assertThat(frontier.known()).isEqualTo(known);
    assertThat(frontier.ended()).isEqualTo(ended);
  }

  private void record(CrawlEvent event) {
    journal.add(event);
    frontier.evolve(event);
  }

  private static PageResult result(Page page, List<List<Integer>> links) {
    int number = Integer.parseInt(page.url().substring("http://shop/".length()));
    return new PageResult(
        page,
        Ending.PARSED,
        "",
        "1",
        List.of(new Item("item", "1", "", page.url())),
        links.get(number).stream().map(CrawlSimulationTest::url).toList(),
        0);
  }

  private static List<List<Integer>> site(int pages, Random random) {
    List<List<Integer>> links = new ArrayList<>();
    for (int page = 0; page < pages; page++) {
      links.add(random.ints(random.nextInt(5), 0, pages).boxed().toList());
    }
    return links;
  }

  private static Set<String> reachable(List<List<Integer>> links) {
    Set<Integer> seen = new HashSet<>(Set.of(0));
    List<Integer> open = new ArrayList<>(seen);
    while (!open.isEmpty()) {
      for (int link : links.get(open.removeLast())) {
        if (seen.add(link)) {
          open.add(link);
        }
      }
    }
    return new HashSet<>(seen.stream().map(CrawlSimulationTest::url).toList());
  }
}
