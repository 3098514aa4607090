package dev.tidemark.engine.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.IncidentBook;
import dev.tidemark.alerting.IncidentEvent;
import dev.tidemark.alerting.IncidentLogic;
import dev.tidemark.alerting.IncidentSettings;
import dev.tidemark.alerting.Severity;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.dashboards.view.PostmortemView;
import dev.tidemark.engine.report.EpisodeTimes;
import dev.tidemark.engine.report.Postmortem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An incident that came three times; all lengths are worked out by hand. */
class PostmortemViewsTest {
  private final IncidentLogic logic = new IncidentLogic(IncidentSettings.DEFAULT);
  private IncidentBook book = IncidentBook.EMPTY;

  private static Instant at(String time) {
    return Instant.parse("2026-03-01T" + time + "Z");
  }

  private void apply(String time, IncidentEvent event) {
    book = logic.apply(book, event, Routes.console(), List.of(), at(time)).book();
  }

  private void fires(String time, String badSince) {
    apply(
        time,
        new IncidentEvent.AlertsChanged(
            List.of(
                Alert.firing("a", "orders", "Freshness of orders", Severity.PAGE, at(time))
                    .since(at(badSince))
                    .build())));
  }

  private void ceases(String time) {
    Alert known = incident().alerts().get(0);
    apply(time, new IncidentEvent.AlertsChanged(List.of(known.resolvedAt(at(time)))));
  }

  private Incident incident() {
    assertThat(book.incidents()).hasSize(1);
    return book.incidents().values().iterator().next();
  }

  private Incident thrice() {
    fires("09:02:00", "09:00:00");
    apply("09:02:30", new IncidentEvent.Tick());
    apply("09:06:00", new IncidentEvent.Acknowledge(incident().id(), "anna", ""));
    ceases("09:20:00");
    apply("09:22:00", new IncidentEvent.Tick());
    fires("09:40:00", "09:39:30");
    apply("09:45:00", new IncidentEvent.Resolve(incident().id(), "bo", "a false alarm"));
    ceases("09:50:00");
    fires("10:00:00", "09:59:00");
    return incident();
  }

  /** Spaces within a length do not break. */
  private static PostmortemView.Episode row(
      String opened, String detected, String acknowledged, String recovered, String over) {
    return new PostmortemView.Episode(
        "2026-03-01 " + opened + " UTC",
        detected.replace('_', '\u00a0'),
        acknowledged.replace('_', '\u00a0'),
        recovered.replace('_', '\u00a0'),
        over);
  }

  @Test
  void there_is_one_row_for_each_time_that_it_came() {
    assertThat(EpisodeTimes.of(thrice()).stream().map(PostmortemViews::episode))
        .containsExactly(
            row("09:02:00", "2_min", "4_min by anna", "20_min", "2026-03-01 09:22:00 UTC"),
            row(
                "09:40:00",
                "30_s",
                "nobody took it",
                "10_min 30_s",
                "2026-03-01 09:45:00 UTC by bo"),
            row(
                "10:00:00",
                "1_min",
                "nobody has taken it yet",
                "it is not over",
                "it is not over"));
  }

  @Test
  void the_measures_are_of_the_last_time() {
    EpisodeTimes last = Postmortem.of(thrice()).last();
    assertThat(last.toDetect()).contains(Duration.ofMinutes(1));
    assertThat(last.toAcknowledge()).isEmpty();
    assertThat(last.toRecover()).isEmpty();
    ceases("10:05:00");
    apply("10:30:00", new IncidentEvent.Tick());
    assertThat(Postmortem.of(incident()).last().toRecover()).contains(Duration.ofMinutes(6));
    assertThat(PostmortemViews.measures(Postmortem.of(incident()).last()))
        .extracting(PostmortemView.Measure::meaning)
        .containsExactly(
            "2026-03-01 09:59:00 UTC (the data went bad) to 2026-03-01 10:00:00 UTC (it was"
                + " opened)",
            "2026-03-01 10:00:00 UTC (it was opened)",
            "2026-03-01 09:59:00 UTC (the data went bad) to 2026-03-01 10:05:00 UTC (nothing fired"
                + " any more)");
  }
}
