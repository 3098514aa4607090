package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.benchmark.PrometheusRules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks {@code promtool test rules} when the usual rules page, and when they are a ticket. */
final class Promtool {
  private static final Pattern WRONG =
      Pattern.compile("alertname=\\\\\"(Page|Ticket)\\\\\".*?\", time: ([0-9dhms]+),");

  /** When, as minutes since the start. */
  record Alerts(Set<Integer> pages, Set<Integer> tickets) {}

  private Promtool() {}

  /**
   * Evaluates the rules.
   *
   * @param budgetRatio share that may be bad
   * @param moments in minutes since the start, multiples of {@code everyMinutes}
   * @param everyMinutes how often rules are evaluated
   */
  static Alerts ask(
      Path folder, double budgetRatio, Traffic traffic, List<Integer> moments, int everyMinutes)
      throws Exception {
    Path rules = folder.resolve("rules.yml");
    Files.writeString(rules, PrometheusRules.file(List.of("a"), budgetRatio, everyMinutes + "m"));
    StringBuilder test = new StringBuilder("rule_files: [rules.yml]\n");
    test.append("evaluation_interval: ").append(everyMinutes).append("m\n");
    test.append("tests:\n- interval: 1m\n  input_series:\n");
    series(test, "events_total", traffic.scraped(traffic.events()));
    series(test, "errors_total", traffic.scraped(traffic.errors()));
    test.append("  promql_expr_test:\n");
    for (int moment : moments) {
      for (String alert : List.of("Page", "Ticket")) {
        // The test expects silence everywhere; promtool tells the moments at which it was wrong.
        test.append("  - expr: 'count(ALERTS{alertname=\"").append(alert);
        test.append("\",alertstate=\"firing\"}) or vector(0)'\n");
        test.append("    eval_time: ").append(moment).append("m\n");
        test.append("    exp_samples: [{labels: '{}', value: 0}]\n");
      }
    }
    Path file = folder.resolve("test.yml");
    Files.writeString(file, test);
    Process promtool =
        new ProcessBuilder("promtool", "test", "rules", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said).as("promtool").containsAnyOf("SUCCESS", "FAILED");
    Set<Integer> pages = new HashSet<>();
    Set<Integer> tickets = new HashSet<>();
    Matcher wrong = WRONG.matcher(said);
    while (wrong.find()) {
      (wrong.group(1).equals("Page") ? pages : tickets).add(minutes(wrong.group(2)));
    }
    assertThat(moments).as("what promtool said was understood: %s", said).containsAll(pages);
    assertThat(moments).containsAll(tickets);
    assertThat(said.contains("FAILED")).isEqualTo(!pages.isEmpty() || !tickets.isEmpty());
    return new Alerts(pages, tickets);
  }

  private static void series(StringBuilder test, String name, List<String> samples) {
    test.append("  - series: '").append(name).append("{id=\"a\"}'\n    values: '");
    test.append(String.join(" ", samples)).append("'\n");
  }

  /** A time as promtool writes it, such as {@code 1d1h30m}. */
  private static int minutes(String text) {
    int minutes = 0;
    Matcher part = Pattern.compile("(\\d+)([dhms])").matcher(text);
    while (part.find()) {
      int number = Integer.parseInt(part.group(1));
      minutes +=
          switch (part.group(2)) {
            case "d" -> number * 1_440;
            case "h" -> number * 60;
            case "m" -> number;
            default -> 0;
          };
    }
    return minutes;
  }
}
