package dev.tidemark.alerting.notify;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.BlastRadius;
import dev.tidemark.alerting.Cause;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.Notification;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Puts a very long text wherever people can write one. */
final class LongNames {
  private LongNames() {}

  static Notification in(Notification given, String text) {
    Incident incident = given.incident();
    Cause cause = new Cause("connector", text, true, List.of(text, text), List.of("x:" + text));
    Alert long1 =
        Alert.firing("f", text, text, incident.severity(), given.at())
            .labels(Map.of("a-b.c/d", text, "0", "zero", "empty", ""))
            .annotations(Map.of("summary", text))
            .burnRate(text)
            .cause(cause)
            .blastRadius(new BlastRadius(List.of(text, "b"), List.of(text), List.of(text)))
            .build();
    return new Notification(
        given.id(),
        given.kind(),
        given.dedupKey(),
        given.receiver(),
        text,
        given.at(),
        new Incident(
            incident.id(),
            incident.dedupKey(),
            cause.key(),
            cause,
            text,
            incident.severity(),
            incident.state(),
            Collections.nCopies(40, long1),
            incident.openedAt(),
            incident.episodeAt(),
            incident.updatedAt(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            1,
            1,
            List.of(),
            null,
            null,
            List.of(),
            0,
            List.of(),
            incident.badSince()),
        given.incidentUrl(),
        given.runbookUrl(),
        text,
        null);
  }
}
