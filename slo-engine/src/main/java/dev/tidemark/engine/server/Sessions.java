package dev.tidemark.engine.server;

import dev.tidemark.engine.server.Access.Token;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** People who signed in to the pages. Forgotten at restart. Thread-safe. */
final class Sessions {
  static final String COOKIE = "tidemark_session";
  static final Duration LIFE = Duration.ofHours(12);
  private static final int AT_MOST = 10_000;

  private record Session(Token token, Instant ends) {}

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> sessions =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
          return size() > AT_MOST;
        }
      };

  Sessions(Clock clock) {
    this.clock = clock;
  }

  /** Opens a session and returns its secret id for the cookie. */
  synchronized String open(Token token) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    sessions.put(id, new Session(token, clock.instant().plus(LIFE)));
    return id;
  }

  /** Finds who signed in, unless the session has ended. */
  synchronized Optional<Token> find(String id) {
    Session session = sessions.get(id);
    if (session == null) {
      return Optional.empty();
    }
    if (clock.instant().isAfter(session.ends())) {
      sessions.remove(id);
      return Optional.empty();
    }
    return Optional.of(session.token());
  }

  /** Ends a session; nothing happens when there is none. */
  synchronized void close(String id) {
    sessions.remove(id);
  }
}
