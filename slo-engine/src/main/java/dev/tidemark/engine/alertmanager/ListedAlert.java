package dev.tidemark.engine.alertmanager;

import dev.tidemark.alerting.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An alert that fires, with what Alertmanager's clients want to know of it.
 *
 * @param alert ours, of an objective or made of what another program said
 * @param external what the other program said; null for an objective's alert
 * @param labels as silences and routes see them
 * @param receivers who is told of it
 * @param silencedBy ids of silences that cover it
 * @param inhibitedBy fingerprints of the alerts that say enough, or words for planned work
 */
record ListedAlert(
    Alert alert,
    @Nullable ExternalAlert external,
    Map<String, String> labels,
    List<String> receivers,
    List<String> silencedBy,
    List<String> inhibitedBy) {

  boolean suppressed() {
    return !silencedBy.isEmpty() || !inhibitedBy.isEmpty();
  }

  String fingerprint() {
    return fingerprint(alert, external);
  }

  /** Of the sender's labels; an objective's alert has the labels that routes see. */
  static String fingerprint(Alert alert, @Nullable ExternalAlert external) {
    return external != null
        ? external.fingerprint()
        : ExternalAlert.fingerprint(alert.routingLabels());
  }

  String generatorUrl() {
    return external == null ? "" : external.generatorUrl();
  }

  Instant endsAt(Duration holds) {
    return external == null ? alert.updatedAt().plus(holds) : external.endsAt();
  }
}
