package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Routes;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a hundred causes at once from becoming a hundred messages. Each receiver is told singly of
 * so many new incidents a minute ({@code digestAbove}), the most severe first; the rest goes out as
 * one digest a minute, under a dedup key of its own. Every incident stays one for itself: seen,
 * escalated, taken and ended singly. The receiver hears of a digest's incidents again as a digest:
 * that nobody has taken some of them, that all of them are taken, and that all of them are over. A
 * ticket out of a digest that becomes a page is told singly from then on.
 *
 * <p>Each incident owes its own part, with the digest's outbox id: whatever of a transition was
 * saved before a crash makes the digest, and what was not saved is told of anew. Not thread-safe,
 * part of one transition.
 */
final class StormControl {
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final Collection<IncidentDraft> drafts;
  private final Routes routes;
  private final Instant at;

  /** How many each receiver was told of singly within the window; made when first asked for. */
  private final Map<String, Integer> singles = new HashMap<>();

  /** Whether each receiver had a digest within the window before this transition. */
  private final Map<String, Boolean> resting = new HashMap<>();

  /** Dedup keys of the digests that this transition begins, by receiver. */
  private final Map<String, String> begun = new HashMap<>();

  /** Outbox ids of what this transition says by digests, by receiver, key and kind. */
  private final Map<String, String> ids = new HashMap<>();

  /**
   * Begins with what receivers know.
   *
   * @param drafts all incidents, a live view
   */
  StormControl(Collection<IncidentDraft> drafts, Routes routes, Instant at) {
    this.drafts = drafts;
    this.routes = routes;
    this.at = at;
  }

  /** Whether a first word to the receiver has to wait, because it just had a digest. */
  boolean waits(String receiver) {
    return full(receiver)
        && !begun.containsKey(receiver)
        && resting.computeIfAbsent(
            receiver,
            each ->
                drafts.stream()
                    .flatMap(draft -> draft.told(receiver).stream())
                    .anyMatch(told -> told.digest() != null && lately(told)));
  }

  /**
   * Returns the dedup key of the digest by which a receiver that need not wait is told first; null
   * when it is told singly.
   */
  @Nullable String digest(String receiver, IncidentDraft draft) {
    if (!full(receiver)) {
      singles.merge(receiver, 1, Integer::sum);
      return null;
    }
    return begun.computeIfAbsent(receiver, each -> "tidemark/digest/" + draft.mark());
  }

  /** Returns why there is a digest. */
  String why(String receiver) {
    return "more than " + routes.digestAbove(receiver) + " incidents within a minute";
  }

  /** Makes the incident owe its part of what a digest says now. */
  void owe(IncidentDraft draft, String receiver, NotificationKind kind, String key, String note) {
    String word = kind.name().toLowerCase(Locale.ROOT);
    String id =
        ids.computeIfAbsent(
            receiver + "\n" + key + "\n" + word,
            each -> {
              draft.leads = true;
              return key + "/" + receiver + "/" + draft.mark() + "/" + word;
            });
    draft.owe(receiver, kind, key, note, at, id);
  }

  /** Says that somebody has taken the incident; of a digest, when the last of it is taken. */
  void taken(IncidentDraft draft, Told told, String note) {
    String digest = told.digest();
    if (digest == null) {
      draft.owe(told.receiver(), NotificationKind.ACKNOWLEDGED, told.dedupKey(), note, at);
    } else if (drafts.stream()
        .noneMatch(
            other ->
                other.state != IncidentState.ACKNOWLEDGED
                    && hears(other, told.receiver(), digest))) {
      owe(draft, told.receiver(), NotificationKind.ACKNOWLEDGED, digest, "the last one: " + note);
    }
  }

  /**
   * Says that the incident is over; of a digest, when the last of it is.
   *
   * @param said whether the receiver wants to hear ends
   */
  void end(IncidentDraft draft, Told told, String reason, boolean said) {
    draft.setTold(told.over(at));
    if (!said) {
      return;
    }
    String digest = told.digest();
    if (digest == null) {
      draft.owe(told.receiver(), NotificationKind.RESOLVED, told.dedupKey(), reason, at);
    } else if (drafts.stream().noneMatch(other -> hears(other, told.receiver(), digest))) {
      owe(draft, told.receiver(), NotificationKind.RESOLVED, digest, "the last one: " + reason);
      draft.endsDigest = true;
    }
  }

  private static boolean hears(IncidentDraft draft, String receiver, String digest) {
    return draft
        .told(receiver)
        .filter(told -> told.active() && digest.equals(told.digest()))
        .isPresent();
  }

  private boolean full(String receiver) {
    int most = routes.digestAbove(receiver);
    return most > 0
        && singles.computeIfAbsent(
                receiver,
                each ->
                    (int)
                        drafts.stream()
                            .flatMap(draft -> draft.told(receiver).stream())
                            .filter(told -> told.digest() == null && lately(told))
                            .count())
            >= most;
  }

  /** A time that lies ahead, because the clock was set back, does not count. */
  private boolean lately(Told told) {
    Instant first = Objects.requireNonNullElse(told.firstAt(), Instant.MIN);
    return first.isAfter(at.minus(WINDOW)) && !first.isAfter(at);
  }
}
