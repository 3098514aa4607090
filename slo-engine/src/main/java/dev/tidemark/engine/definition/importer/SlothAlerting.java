package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.BurnPolicies;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.YamlNode;
import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sloth's {@code alerting} of one objective. Its burn rates for 30 days, 14.4 and 6 for pages, 3
 * and 1 for tickets, are our defaults too, so only what is switched off is written down.
 *
 * @param labels that routes can match on
 * @param conditions what is left when pages or tickets are disabled; absent when neither is
 */
record SlothAlerting(Map<String, String> labels, Optional<List<BurnRateCondition>> conditions) {
  private static final Duration WINDOW = Duration.ofDays(30);

  /** Labels that Tidemark gives an alert by itself. */
  static final Set<String> OUR_LABELS =
      Set.of(
          "severity", "alertname", "cause", "cause_type", "objective", "sli", "service", "dataset");

  static SlothAlerting read(YamlNode element, Optional<Number> percent) {
    Optional<YamlNode> found = element.find("alerting");
    if (found.isEmpty()) {
      return new SlothAlerting(Map.of(), Optional.empty());
    }
    YamlNode alerting = found.get();
    Losses.others(
        alerting,
        Set.of("labels", "annotations", "page_alert", "pageAlert", "ticket_alert", "ticketAlert"),
        Map.of("name", "alerts are named after their objective; match on the label 'objective'"));
    annotations(alerting);
    Map<String, String> labels = new LinkedHashMap<>();
    labels(alerting).forEach((key, value) -> labels.put(key, value));
    Optional<YamlNode> page = alerting.find("page_alert").or(() -> alerting.find("pageAlert"));
    Optional<YamlNode> ticket =
        alerting.find("ticket_alert").or(() -> alerting.find("ticketAlert"));
    boolean noPage = isDisabled(page);
    boolean noTicket = isDisabled(ticket);
    Map<String, String> ofPages = noPage ? Map.of() : labels(page);
    Map<String, String> ofTickets = noTicket ? Map.of() : labels(ticket);
    if (noPage || noTicket) {
      labels.putAll(ofPages);
      labels.putAll(ofTickets);
    } else {
      both(page, "page", ofPages, ofTickets, labels);
      both(ticket, "ticket", ofTickets, ofPages, labels);
    }
    if (!noPage && !noTicket) {
      return new SlothAlerting(labels, Optional.empty());
    }
    return new SlothAlerting(
        labels,
        percent.map(
            target ->
                BurnPolicies.defaults(WINDOW, Target.parse(target + "%")).stream()
                    .filter(
                        condition -> condition.severity() == Severity.PAGE ? !noPage : !noTicket)
                    .toList()));
  }

  private static boolean isDisabled(Optional<YamlNode> alert) {
    return alert.flatMap(at -> at.text("disable")).filter("true"::equals).isPresent();
  }

  private static Map<String, String> labels(Optional<YamlNode> alert) {
    if (alert.isEmpty()) {
      return Map.of();
    }
    Losses.others(alert.get(), Set.of("disable", "labels", "annotations"));
    annotations(alert.get());
    return labels(alert.get());
  }

  private static Map<String, String> labels(YamlNode alert) {
    Map<String, String> labels = alert.textMap("labels");
    for (String own : OUR_LABELS) {
      if (labels.remove(own) != null) {
        alert
            .find("labels")
            .flatMap(all -> all.find(own))
            .orElse(alert)
            .warn(
                "the label '"
                    + own
                    + "' is not carried: Tidemark sets it itself"
                    + (own.equals("severity") ? ", to page or ticket; match on these" : ""));
      }
    }
    return labels;
  }

  /** A label of both is a label of the objective; one of pages only would be on tickets too. */
  private static void both(
      Optional<YamlNode> alert,
      String severity,
      Map<String, String> own,
      Map<String, String> other,
      Map<String, String> labels) {
    own.forEach(
        (key, value) -> {
          if (value.equals(other.get(key))) {
            labels.put(key, value);
          } else {
            alert.ifPresent(
                at ->
                    at.find("labels")
                        .flatMap(all -> all.find(key))
                        .orElse(at)
                        .warn(
                            "the label '"
                                + key
                                + "' of one severity is not carried: write a kind: Route with"
                                + " matchers on objective and severity=\""
                                + severity
                                + "\""));
          }
        });
  }

  private static void annotations(YamlNode alert) {
    Optional<YamlNode> annotations = alert.find("annotations");
    if (annotations.isPresent()) {
      Map<String, String> reasons = new LinkedHashMap<>();
      for (String key : annotations.get().keys()) {
        reasons.put(
            key,
            key.startsWith("runbook")
                ? "put the runbook into the runbooks' folder and its id into the annotation"
                    + " tidemark.dev/runbook"
                : "messages are put together from the incident; say it in 'description'");
      }
      Losses.others(annotations.get(), Set.of(), reasons);
    }
  }
}
