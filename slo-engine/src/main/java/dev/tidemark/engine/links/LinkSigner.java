package dev.tidemark.engine.links;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.alerting.ActionLinks;
import dev.tidemark.alerting.Notification;
import dev.tidemark.engine.links.ActionToken.Action;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and reads tokens that stand for one action on one incident: what they allow as JSON, and
 * its HMAC-SHA256 (RFC 2104), both in base64url, with a dot between. Thread-safe.
 */
public final class LinkSigner {
  /** How long a link is good. */
  public static final Duration LIFE = Duration.ofHours(24);

  private static final String ALGORITHM = "HmacSHA256";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SecretKeySpec key;
  private final String baseUrl;
  private final Clock clock;

  /**
   * Signs with a key.
   *
   * @param key at least 32 bytes
   * @param baseUrl address of the pages
   * @param clock for the expiry
   */
  public LinkSigner(byte[] key, String baseUrl, Clock clock) {
    this.key = new SecretKeySpec(key, ALGORITHM);
    this.baseUrl = baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl;
    this.clock = clock;
  }

  /**
   * Returns the notification with its links where there is something to do, else as it is; a digest
   * names incidents that want to be looked at one by one.
   */
  public Notification onto(Notification notification) {
    if (notification.digest() != null) {
      return notification;
    }
    return switch (notification.kind()) {
      case TRIGGERED, ESCALATED, UPDATED, REPEATED ->
          notification.with(
              new ActionLinks(
                  link(notification, Action.ACKNOWLEDGE), link(notification, Action.SILENCE)));
      case ACKNOWLEDGED, RESOLVED -> notification;
    };
  }

  private String link(Notification notification, Action action) {
    return baseUrl
        + "/a/"
        + token(
            new ActionToken(
                notification.incident().id(),
                action,
                notification.receiver(),
                clock.instant().plus(LIFE)));
  }

  /** Returns the token, of signs that need no escaping in a path. */
  public String token(ActionToken token) {
    String payload =
        JSON.createObjectNode()
            .put("incident", token.incident())
            .put("action", token.action().word())
            .put("receiver", token.receiver())
            .put("expires", token.expiresAt().getEpochSecond())
            .toString();
    String text = ENCODER.encodeToString(payload.getBytes(StandardCharsets.UTF_8));
    return text + "." + ENCODER.encodeToString(signature(text));
  }

  /**
   * Reads a token.
   *
   * @throws RefusedLinkException when it was not made with this key, or is too old
   */
  public ActionToken read(String token) throws RefusedLinkException {
    int dot = token.indexOf('.');
    if (dot < 0 || !MessageDigest.isEqual(signature(token.substring(0, dot)), given(token, dot))) {
      throw new RefusedLinkException(
          "This link was not made by this server, or it was changed or cut on its way.");
    }
    ActionToken read = parse(token.substring(0, dot));
    if (!clock.instant().isBefore(read.expiresAt())) {
      throw new RefusedLinkException(
          "This link was good for " + LIFE.toHours() + " hours, until " + read.expiresAt() + ".");
    }
    return read;
  }

  private static byte[] given(String token, int dot) {
    try {
      return Base64.getUrlDecoder().decode(token.substring(dot + 1));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static ActionToken parse(String text) throws RefusedLinkException {
    try {
      JsonNode json =
          JSON.readTree(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
      for (Action action : Action.values()) {
        if (action.word().equals(json.path("action").asText())) {
          return new ActionToken(
              json.path("incident").asText(),
              action,
              json.path("receiver").asText(),
              Instant.ofEpochSecond(json.path("expires").asLong()));
        }
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalStateException("a token that is signed here can be read here", e);
    }
    throw new RefusedLinkException("This link is for something that this version does not know.");
  }

  private byte[] signature(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
