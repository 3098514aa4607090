package dev.tidemark.engine.links;

import org.jspecify.annotations.Nullable;

/** A link allows nothing; the message is one sentence for whoever opened it. */
public final class RefusedLinkException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final transient @Nullable ActionToken token;

  /** Why a link allows nothing. */
  public enum Reason {
    /** It was not made with this key, or changed; nothing that it says can be trusted. */
    SIGNATURE,
    /** It was good once. */
    EXPIRED,
    /** It is for something else, or for something that is not known here. */
    UNKNOWN,
    /** It did already what it is for, or somebody else did. */
    USED
  }

  /**
   * Refuses.
   *
   * @param token what the link says; null when that cannot be trusted or is not known here
   */
  RefusedLinkException(Reason reason, String message, @Nullable ActionToken token) {
    super(message);
    this.reason = reason;
    this.token = token;
  }

  /** Returns why. */
  public Reason reason() {
    return reason;
  }

  /** Returns what the link was for; null when that cannot be trusted or is not known here. */
  public @Nullable ActionToken token() {
    return token;
  }
}
