package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Inhibition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which alerts are kept quiet by what fires now. */
public final class Inhibitor {
  /** Keeps nothing quiet. */
  static final Inhibitor NONE = new Inhibitor(List.of(), List.of());

  private final List<Inhibition> rules;
  private final List<Source> sources = new ArrayList<>();

  private record Source(Alert alert, Map<String, String> labels) {}

  private record Found(Inhibition rule, Alert source) {}

  /** Takes everything that fires now; silenced alerts keep others quiet too, as in Alertmanager. */
  public Inhibitor(List<Inhibition> rules, List<Alert> firing) {
    this.rules = rules;
    if (!rules.isEmpty()) {
      firing.forEach(alert -> sources.add(new Source(alert, labels(alert))));
    }
  }

  /** Returns what keeps the alert quiet; null when nothing does. */
  public @Nullable SuppressedBy inhibiting(Alert target) {
    Found found = find(target);
    return found == null
        ? null
        : new SuppressedBy.ByInhibition(
            found.rule().name(), IncidentDraft.describe(found.source()));
  }

  /** Returns the alert that keeps the other one quiet; null when none does. */
  public @Nullable Alert source(Alert target) {
    Found found = find(target);
    return found == null ? null : found.source();
  }

  private @Nullable Found find(Alert target) {
    if (rules.isEmpty()) {
      return null;
    }
    Map<String, String> labels = labels(target);
    for (Inhibition rule : rules) {
      for (Source source : sources) {
        if (rule.inhibits(source.labels(), labels)) {
          return new Found(rule, source.alert());
        }
      }
    }
    return null;
  }

  private static Map<String, String> labels(Alert alert) {
    Map<String, String> labels = new HashMap<>(alert.routingLabels());
    String cause = alert.causeKey();
    labels.put("cause", cause.substring(cause.indexOf(':') + 1));
    labels.put("cause_type", cause.substring(0, cause.indexOf(':')));
    return labels;
  }
}
