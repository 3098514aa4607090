package dev.tidemark.engine.server;

import dev.tidemark.engine.planned.PlannedWork;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who may do what. Without any token everything is allowed, and the server listens on loopback
 * only. Thread-safe.
 */
public final class Access {
  private final List<Token> tokens;

  /** Takes the configured tokens. */
  public Access(List<Token> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  /**
   * Takes the configured tokens of a server.
   *
   * @throws StartupException when it has none and would listen for others than this machine
   */
  static Access of(ServerConfig config) throws StartupException {
    Access access = new Access(config.tokens());
    try {
      if (access.isOpen() && !InetAddress.getByName(config.listen().host()).isLoopbackAddress()) {
        throw new StartupException(
            "without tokens Tidemark listens on loopback only, not on "
                + config.listen().host()
                + "; add tokens to tidemark.yaml, or leave the host out");
      }
    } catch (UnknownHostException e) {
      throw new StartupException("the host " + config.listen().host() + " is not known", e);
    }
    return access;
  }

  /**
   * What a bearer may do. {@link #ADMIN} includes the others, {@link #OPERATE} includes reading.
   */
  public enum Scope {
    INGEST,
    READ,
    OPERATE,
    ADMIN;

    /**
     * Reads {@code ingest}, {@code read}, {@code operate} or {@code admin}.
     *
     * @throws IllegalArgumentException for any other word, naming these
     */
    public static Scope parse(String word) {
      try {
        return valueOf(word.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "'" + word + "' is no scope; use ingest, read, operate or admin", e);
      }
    }

    private boolean includes(Scope wanted) {
      return this == wanted || this == ADMIN || (this == OPERATE && wanted == READ);
    }
  }

  /**
   * One bearer token. Its secret never shows in {@link #toString()}.
   *
   * @param name who, for the audit trail
   * @param secret the token itself
   * @param scopes what it may do
   */
  public record Token(String name, String secret, Set<Scope> scopes) {
    /** Copies the scopes. */
    public Token {
      if (secret.length() < 16) {
        throw new IllegalArgumentException(
            "the token of '" + name + "' is shorter than 16 characters; make it long and random");
      }
      if (name.equals(PlannedWork.ANYBODY)) {
        throw new IllegalArgumentException(
            "a token cannot be called '" + name + "': that is everybody where there are no tokens");
      }
      scopes = Set.copyOf(scopes);
    }

    @Override
    public String toString() {
      return "Token[" + name + ", " + EnumSet.copyOf(scopes) + "]";
    }
  }

  /** Returns whether anybody on this machine may do anything. */
  public boolean isOpen() {
    return tokens.isEmpty();
  }

  /**
   * Finds the bearer of a secret. Compares in constant time, so that a guess learns nothing from
   * how long it took.
   */
  public Optional<Token> bearer(String secret) {
    byte[] given = secret.getBytes(StandardCharsets.UTF_8);
    Token found = null;
    for (Token token : tokens) {
      if (MessageDigest.isEqual(given, token.secret().getBytes(StandardCharsets.UTF_8))) {
        found = token;
      }
    }
    return Optional.ofNullable(found);
  }

  /** Returns whether a bearer may do what asks for this scope. */
  public static boolean allows(Token token, Scope wanted) {
    return token.scopes().stream().anyMatch(scope -> scope.includes(wanted));
  }
}
