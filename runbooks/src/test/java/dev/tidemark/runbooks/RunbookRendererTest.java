package dev.tidemark.runbooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunbookRendererTest {
  private final RunbookRenderer renderer = new RunbookRenderer();

  @Test
  void without_an_incident_the_text_still_makes_sense() {
    for (Runbook runbook : RunbookLibrary.load().all()) {
      assertThat(renderer.html(runbook, Map.of()))
          .as(runbook.id())
          .contains("<h2>What it means</h2>")
          .doesNotContain("{{")
          .doesNotContain("failureMode");
    }
  }

  @Test
  void facts_of_an_incident_are_filled_in_everywhere() {
    String html =
        renderer.html(
            runbook(
                "About {{incident.dataset}}.\n\n`slo {{incident.dataset}}`\n\n    see {{incident.dataset}}\n"),
            Map.of("dataset", "orders"));

    assertThat(html)
        .contains("About orders.")
        .contains("<code>slo orders</code>")
        .contains("see orders");
  }

  @Test
  void steps_have_the_numbers_of_the_page_and_keep_what_they_say_to_run() {
    Runbook runbook =
        runbook(
            """
            ## How to look

            1. What is silent:

               ```sh
               ./tidemark slo {{incident.objective}}
               ```

            2. Look.

            ## How to mend

            1. Restart, in this order:
               1. the worker,
               2. the task.
            2. Wait.
            """);
    Map<String, String> facts = Map.of("objective", "orders-freshness");

    assertThat(renderer.steps(runbook, facts))
        .containsExactly(
            new Step(1, "What is silent:", List.of("./tidemark slo orders-freshness")),
            new Step(2, "Look.", List.of()),
            new Step(3, "Restart, in this order:", List.of()),
            new Step(4, "Wait.", List.of()));
    // The list of steps 3 and 4 begins with 3 on the page too; the one within step 3 is its own.
    assertThat(renderer.html(runbook, facts))
        .containsOnlyOnce("<ol start=\"3\">")
        .contains("<li>the worker,</li>");
  }

  @Test
  void hostile_facts_stay_text() {
    String hostile = "<script>alert(1)</script> [x](javascript:alert(2)) `{{incident.id}}` **b**";

    String html =
        renderer.html(
            runbook("About {{incident.dataset}}.\n\n> {{incident.cause}}\n"),
            Map.of("dataset", hostile, "cause", hostile));

    assertThat(html)
        .doesNotContain("<script")
        .doesNotContain("<a ")
        .doesNotContain("<strong>")
        .contains("&lt;script&gt;")
        .contains("{{incident.id}}");
  }

  @Test
  void a_fact_that_a_shell_could_act_on_is_left_out_of_commands() {
    Runbook runbook = runbook("```sh\n./tidemark slo {{incident.objective}}\n```\n");

    assertThat(renderer.html(runbook, Map.of("objective", "orders-freshness")))
        .contains("slo orders-freshness");
    for (String hostile :
        List.of("x; rm -rf /", "$(reboot)", "a`b`", "a\nreboot", "--config=x", "'")) {
      assertThat(renderer.html(runbook, Map.of("objective", hostile)))
          .as(hostile)
          .contains("slo OBJECTIVE");
    }
  }

  @Test
  void html_and_dangerous_links_of_a_runbook_are_harmless_and_neighbours_are_linked() {
    String html =
        renderer.html(
            runbook(
                "<b onclick=x>b</b> [a](javascript:alert) [n](data-loss.md)\n\n| a |\n|---|\n| 1 |\n"),
            Map.of());

    assertThat(html)
        .doesNotContain("<b ")
        .doesNotContain("javascript:")
        .contains("href=\"/runbooks/data-loss\"")
        .contains("<table>");
  }

  @Test
  void braces_of_other_tools_are_left_alone() {
    assertThat(renderer.html(runbook("`docker ps --format '{{.Names}}'`\n"), Map.of()))
        .contains("{{.Names}}");
  }

  private static Runbook runbook(String markdown) {
    return new Runbook(
        "x", "X", "F1", "me", LocalDate.EPOCH, Period.ofDays(90), "page", List.of(), markdown);
  }
}
