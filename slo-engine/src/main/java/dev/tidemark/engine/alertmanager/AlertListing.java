package dev.tidemark.engine.alertmanager;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Alerting;
import dev.tidemark.alerting.Inhibitor;
import dev.tidemark.alerting.Silence;
import dev.tidemark.alerting.SuppressedBy;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What fires now, of objectives and of other programs. Thread-safe. */
final class AlertListing {
  private final Supplier<List<Alert>> firing;
  private final ExternalAlerts external;
  private final Alerting alerting;

  /**
   * Lists.
   *
   * @param firing everything that fires, as it was decided last
   */
  AlertListing(Supplier<List<Alert>> firing, ExternalAlerts external, Alerting alerting) {
    this.firing = firing;
    this.external = external;
    this.alerting = alerting;
  }

  List<ListedAlert> all(Instant now) {
    Routes routes = alerting.routes();
    List<Silence> silences = alerting.silences().active(now);
    Map<String, ExternalAlert> said = new HashMap<>();
    Map<String, ExternalAlert> origins = new HashMap<>();
    external.active().forEach(alert -> said.put(ExternalAlertMaker.fingerprint(alert), alert));
    origins.putAll(said);
    List<Alert> decided = firing.get();
    Inhibitor inhibitor = new Inhibitor(routes.inhibitions(), decided);
    List<ListedAlert> listed = new ArrayList<>();
    for (Alert alert : decided) {
      ExternalAlert origin = said.remove(alert.fingerprint());
      if (origin != null || !ExternalAlertMaker.isExternal(alert)) {
        List<String> quiet = inhibitedBy(alert, inhibitor, origins);
        listed.add(listed(alert, origin, routes, silences, quiet, now));
      }
    }
    // What came since the last decision.
    for (ExternalAlert origin : said.values()) {
      Alert alert = ExternalAlertMaker.untraced(origin);
      List<String> quiet = inhibitedBy(alert, inhibitor, origins);
      listed.add(listed(alert, origin, routes, silences, quiet, now));
    }
    return listed;
  }

  private static ListedAlert listed(
      Alert alert,
      @Nullable ExternalAlert origin,
      Routes routes,
      List<Silence> silences,
      List<String> inhibitedBy,
      Instant now) {
    Map<String, String> routed = alert.routingLabels();
    List<String> silencedBy =
        silences.isEmpty()
            ? List.of()
            : silences.stream()
                .filter(silence -> silence.covers(routed, now))
                .map(Silence::id)
                .toList();
    return new ListedAlert(
        alert,
        origin,
        origin == null ? routed : origin.labels(),
        routes.targets(routed, now).stream().map(Route.Target::receiver).toList(),
        silencedBy,
        inhibitedBy);
  }

  /** The fingerprint of the alert that says enough; words for planned work, which is no alert. */
  private static List<String> inhibitedBy(
      Alert alert, Inhibitor inhibitor, Map<String, ExternalAlert> origins) {
    SuppressedBy planned = alert.suppressedBy();
    if (planned != null) {
      return List.of(planned.describe());
    }
    Alert source = inhibitor.source(alert);
    return source == null
        ? List.of()
        : List.of(ListedAlert.fingerprint(source, origins.get(source.fingerprint())));
  }
}
