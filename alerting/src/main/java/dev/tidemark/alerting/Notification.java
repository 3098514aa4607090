package dev.tidemark.alerting;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one receiver is told, complete: sending it needs nothing else.
 *
 * @param id the outbox id; a receiver that sees it twice may drop the second
 * @param kind why
 * @param dedupKey the key by which the receiver recognises the incident
 * @param receiver the receiver's name
 * @param note one sentence: why now
 * @param at when it was decided
 * @param incident the incident at that time, without its timeline
 * @param incidentUrl its page
 * @param runbookUrl the runbook's page; null when there is none
 * @param runbookTitle the runbook's title; null when there is none
 * @param digest all that this is about, {@code incident} first; null when it is about that alone
 * @param links to act by; null until it goes out, and where there is nothing to do
 */
public record Notification(
    String id,
    NotificationKind kind,
    String dedupKey,
    String receiver,
    String note,
    Instant at,
    Incident incident,
    String incidentUrl,
    @Nullable String runbookUrl,
    @Nullable String runbookTitle,
    @Nullable Digest digest,
    @Nullable ActionLinks links) {
  /**
   * Several incidents in one message.
   *
   * @param parts the most severe first, then the oldest; at least one
   */
  public record Digest(List<Part> parts) {
    public Digest {
      parts = List.copyOf(parts);
    }
  }

  /**
   * One incident of a message.
   *
   * @param incident as it was then, without its timeline
   * @param url its page
   */
  public record Part(Incident incident, String url) {}

  /** Returns what it is about: the incidents of the digest, or the only one. */
  public List<Part> about() {
    return digest == null ? List.of(new Part(incident, incidentUrl)) : digest.parts();
  }

  /** Returns the same about one incident alone. */
  public Notification about(Part part) {
    boolean same = part.incident().id().equals(incident.id());
    return new Notification(
        id,
        kind,
        dedupKey,
        receiver,
        note,
        at,
        part.incident(),
        part.url(),
        same ? runbookUrl : null,
        same ? runbookTitle : null,
        null,
        same ? links : null);
  }

  /** Without links. */
  public Notification(
      String id,
      NotificationKind kind,
      String dedupKey,
      String receiver,
      String note,
      Instant at,
      Incident incident,
      String incidentUrl,
      @Nullable String runbookUrl,
      @Nullable String runbookTitle,
      @Nullable Digest digest) {
    this(
        id,
        kind,
        dedupKey,
        receiver,
        note,
        at,
        incident,
        incidentUrl,
        runbookUrl,
        runbookTitle,
        digest,
        null);
  }

  /** Returns this with links. */
  public Notification with(ActionLinks added) {
    return new Notification(
        id,
        kind,
        dedupKey,
        receiver,
        note,
        at,
        incident,
        incidentUrl,
        runbookUrl,
        runbookTitle,
        digest,
        added);
  }
}
