package dev.tidemark.engine.api;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.route.Suggestion;
import io.vertx.ext.web.handler.HttpException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a person wants to put into another incident than Tidemark did.
 *
 * @param fingerprints of the alerts that are to move
 * @param into id of an open incident; null for a new one
 * @param reason why, for the timelines
 */
public record Regrouping(List<String> fingerprints, @Nullable String into, String reason) {
  private static final int NAMED = 20;

  public Regrouping {
    fingerprints = fingerprints.stream().distinct().toList();
  }

  /**
   * Checks a split of an incident.
   *
   * @param open all open incidents
   * @throws HttpException with status 400 and all that is wrong, with the way out
   */
  void check(Incident from, Collection<Incident> open) {
    List<String> problems = new ArrayList<>();
    List<Alert> firing = from.alerts().stream().filter(Alert::firingNow).toList();
    Set<String> movable =
        firing.stream()
            .map(Alert::fingerprint)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    if (fingerprints.isEmpty()) {
      problems.add("fingerprints are missing; those that fire are " + some(movable));
    }
    for (String fingerprint : fingerprints) {
      if (!movable.contains(fingerprint)) {
        problems.add(unmovable(from, fingerprint, movable));
      }
    }
    if (into == null && problems.isEmpty() && fingerprints.containsAll(movable)) {
      problems.add(
          "nothing that fires would be left in "
              + from.id()
              + "; leave an alert out, or name another open incident in 'into'");
    }
    checkInto(from, into, open, problems);
    checkReason(reason, problems);
    refuse(problems);
  }

  /** Checks that an incident can go on in another one. */
  static void checkMerge(Incident from, String into, String reason, Collection<Incident> open) {
    List<String> problems = new ArrayList<>();
    if (into.isEmpty()) {
      problems.add("'into' is missing; name the open incident that is to stay");
    } else {
      checkInto(from, into, open, problems);
    }
    checkReason(reason, problems);
    refuse(problems);
  }

  private static String unmovable(Incident from, String fingerprint, Set<String> movable) {
    boolean known =
        from.alerts().stream().anyMatch(alert -> alert.fingerprint().equals(fingerprint));
    if (known) {
      return "the alert '" + fingerprint + "' does not fire, so it stays in " + from.id();
    }
    return "there is no alert '"
        + fingerprint
        + "' in "
        + from.id()
        + Suggestion.nearest(fingerprint, movable)
            .map(near -> "; did you mean '" + near + "'?")
            .orElse("; those that fire are " + some(movable));
  }

  private static void checkInto(
      Incident from, @Nullable String into, Collection<Incident> open, List<String> problems) {
    if (into == null) {
      return;
    }
    if (into.equals(from.id())) {
      problems.add("'into' is the incident itself; name another open one");
    } else if (open.stream().noneMatch(one -> one.id().equals(into))) {
      Set<String> others =
          open.stream()
              .map(Incident::id)
              .filter(id -> !id.equals(from.id()))
              .collect(Collectors.toCollection(LinkedHashSet::new));
      problems.add(
          "there is no open incident '"
              + into
              + "' to put it into"
              + Suggestion.nearest(into, others)
                  .map(near -> "; did you mean '" + near + "'?")
                  .orElse("; /api/v1/incidents?state=open lists them"));
    }
  }

  private static void checkReason(String reason, List<String> problems) {
    if (reason.isBlank()) {
      problems.add("reason is missing; say why, for whoever reads the timelines");
    }
  }

  private static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new HttpException(400, String.join("; also ", problems));
    }
  }

  private static String some(Set<String> names) {
    String shown = names.stream().limit(NAMED).collect(Collectors.joining(", "));
    int more = names.size() - NAMED;
    return names.isEmpty() ? "none" : more > 0 ? shown + " and " + more + " more" : shown;
  }
}
