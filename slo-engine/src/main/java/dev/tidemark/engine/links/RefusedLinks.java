package dev.tidemark.engine.links;

import dev.tidemark.engine.links.RefusedLinkException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts and notes links that were refused. What is noted names a link by the beginning of its
 * SHA-256: enough to see that it is the same one, nothing to act by. Anybody can make up links, so
 * no more than 60 a minute are noted of those that cannot be trusted; all are counted. Thread-safe
 * if its port is.
 */
public final class RefusedLinks {
  private static final int NAMED_BY_BYTES = 6;
  private static final int NOTED_A_MINUTE = 60;

  private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);
  private final Clock clock;
  private final Audit audit;
  private long minute;
  private int noted;

  /** Notes in the audit trail; returns at once. */
  public interface Audit {
    void note(String actor, String action, String subject, String detail);
  }

  /** Counts from zero, and notes there. */
  public RefusedLinks(Clock clock, Audit audit) {
    this.clock = clock;
    this.audit = audit;
    for (Reason reason : Reason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  /** Returns how many were refused since the start, by reason. */
  public Map<String, Long> counts() {
    Map<String, Long> now = new TreeMap<>();
    counts.forEach((reason, count) -> now.put(word(reason), count.sum()));
    return now;
  }

  private static String word(Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Notes a link that allows nothing.
   *
   * @param link the token as it came; not kept
   * @param from the address of whoever opened it
   */
  public void refused(RefusedLinkException why, String link, String from) {
    ActionToken token = why.token();
    if (token != null) {
      note(why.reason(), token, link, from);
      return;
    }
    count(why.reason());
    int before = notedThisMinute();
    if (before < NOTED_A_MINUTE) {
      audit.note("unknown", "link refused", "", detail(why.reason(), link, "", from));
    } else if (before == NOTED_A_MINUTE) {
      audit.note("unknown", "link refused", "", "more of them are only counted this minute");
    }
  }

  private synchronized int notedThisMinute() {
    long now = clock.instant().getEpochSecond() / 60;
    if (now != minute) {
      minute = now;
      noted = 0;
    }
    return noted++;
  }

  /** Notes a link that did already what it is for, or that came too late for it. */
  public void used(ActionToken token, String link, String from) {
    note(Reason.USED, token, link, from);
  }

  private void note(Reason reason, ActionToken token, String link, String from) {
    count(reason);
    audit.note(
        "link sent to " + token.receiver(),
        "link refused",
        token.incident(),
        detail(reason, link, " to " + token.action().word(), from));
  }

  private void count(Reason reason) {
    Objects.requireNonNull(counts.get(reason)).increment();
  }

  private static String detail(Reason reason, String link, String action, String from) {
    return word(reason) + ": link " + name(link) + action + ", opened from " + from;
  }

  /** Returns the name by which the audit trail speaks of a link. */
  public static String name(String link) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(link.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, NAMED_BY_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
