package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Routes;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a hundred causes at once from becoming a hundred messages. Each receiver is told singly of
 * so many new incidents a minute ({@code digestAbove}), the most severe first; the rest goes out as
 * one digest a minute, under a dedup key of its own. Every incident stays one for itself: seen,
 * escalated, taken and ended singly. The receiver hears of a digest's incidents again as a digest:
 * that nobody has taken some of them, that all of them are taken, and that all of them are over.
 *
 * <p>Tickets out of a digest that become pages are told of at once: singly while the receiver was
 * told of fewer than {@code digestAbove} such rises within the minute, the rest of a transition as
 * one digest of pages, with a key of its own because whoever sleeps through a ticket has to be
 * woken by the page. Of the digest that the last one has left is said that it is over.
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

  /** How many rises to page each receiver was told of singly within the window. */
  private final Map<String, Integer> rises = new HashMap<>();

  /** Dedup keys of the digests of pages that this transition begins, by receiver. */
  private final Map<String, String> risen = new HashMap<>();

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
                    .anyMatch(told -> told.digest() != null && lately(told.firstAt())));
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

  /**
   * Counts that a receiver is told that a ticket is a page now.
   *
   * @param together whether it was told of the ticket by a digest; what it knows singly it goes on
   *     knowing singly
   * @return dedup key of the digest by which it is told; null when it is told singly
   */
  @Nullable String rise(String receiver, IncidentDraft draft, boolean together) {
    int most = routes.digestAbove(receiver);
    int told =
        rises.computeIfAbsent(
            receiver, each -> count(each, one -> one.digest() == null && lately(one.risenAt())));
    if (!together || most == 0 || told < most) {
      rises.put(receiver, told + 1);
      return null;
    }
    return risen.computeIfAbsent(receiver, each -> "tidemark/digest/" + draft.mark() + "/pages");
  }

  /**
   * Ends a digest for a receiver when the last incident of it is told otherwise now.
   *
   * @param digest dedup key of the digest that the incident has left
   * @param said whether the receiver wants to hear ends
   */
  void left(IncidentDraft draft, String receiver, String digest, boolean said) {
    if (said && drafts.stream().noneMatch(other -> hears(other, receiver, digest))) {
      owe(draft, receiver, NotificationKind.RESOLVED, digest, "the last of it is told of anew");
      draft.endsDigest = true;
    }
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
              // Of an end, nobody else owes a part.
              draft.leads |= kind != NotificationKind.RESOLVED;
              return key + "/" + receiver + "/" + draft.mark() + "/" + word;
            });
    draft.digests.add(key);
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
                each -> count(each, told -> told.digest() == null && lately(told.firstAt())))
            >= most;
  }

  private int count(String receiver, Predicate<Told> what) {
    return (int)
        drafts.stream().flatMap(draft -> draft.told(receiver).stream()).filter(what).count();
  }

  /** A time that lies ahead, because the clock was set back, does not count. */
  private boolean lately(@Nullable Instant told) {
    return told != null && told.isAfter(at.minus(WINDOW)) && !told.isAfter(at);
  }
}
