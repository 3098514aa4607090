package dev.tidemark.engine.links;

import dev.tidemark.engine.links.RefusedLinkException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts and notes links that were refused. What is noted names a link by the beginning of its
 * SHA-256: enough to see that it is the same one, nothing to act by. Thread-safe if its port is.
 */
public final class RefusedLinks {
  private static final int NAMED_BY_BYTES = 6;

  private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);
  private final Audit audit;

  /** Notes in the audit trail; returns at once. */
  public interface Audit {
    void note(String actor, String action, String subject, String detail);
  }

  /** Counts from zero, and notes there. */
  public RefusedLinks(Audit audit) {
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
    note(
        why.reason(),
        token == null ? "unknown" : "link sent to " + token.receiver(),
        token == null ? "" : token.incident(),
        token == null ? "" : " to " + token.action().word(),
        link,
        from);
  }

  /** Notes a link that did already what it is for, or that came too late for it. */
  public void used(ActionToken token, String link, String from) {
    note(
        Reason.USED,
        "link sent to " + token.receiver(),
        token.incident(),
        " to " + token.action().word(),
        link,
        from);
  }

  private void note(
      Reason reason, String actor, String subject, String action, String link, String from) {
    Objects.requireNonNull(counts.get(reason)).increment();
    audit.note(
        actor,
        "link refused",
        subject,
        word(reason) + ": link " + name(link) + action + ", opened from " + from);
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
