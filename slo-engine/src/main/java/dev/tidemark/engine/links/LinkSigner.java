package dev.tidemark.engine.links;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.alerting.ActionLinks;
import dev.tidemark.alerting.Notification;
import dev.tidemark.engine.links.ActionToken.Action;
import dev.tidemark.engine.links.RefusedLinkException.Reason;
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
 * Makes and reads tokens that stand for one action on one incident, or for reading one schedule:
 * what they allow as JSON, and its HMAC-SHA256 (RFC 2104), both in base64url, with a dot between.
 * Thread-safe.
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
                  link(notification, Action.ACKNOWLEDGE),
                  link(notification, Action.SILENCE),
                  link(notification, Action.BACKFILL)));
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
    return signed(
        JSON.createObjectNode()
            .put("incident", token.incident())
            .put("action", token.action().word())
            .put("receiver", token.receiver())
            .put("expires", token.expiresAt().getEpochSecond()));
  }

  /**
   * Returns the name below {@code /calendars/} of a schedule's calendar for programs that can send
   * no token of their own. It is good until the key is changed, for reading this schedule and
   * nothing else.
   */
  public String calendarFile(String schedule) {
    return signed(JSON.createObjectNode().put("calendar", schedule)) + ".ics";
  }

  /** Returns the whole address of a schedule's calendar. */
  public String calendarUrl(String schedule) {
    return baseUrl + "/calendars/" + calendarFile(schedule);
  }

  private String signed(ObjectNode payload) {
    String text = ENCODER.encodeToString(payload.toString().getBytes(StandardCharsets.UTF_8));
    return text + "." + ENCODER.encodeToString(signature(text));
  }

  /**
   * Reads a token that stands for an action.
   *
   * @throws RefusedLinkException when it was not made with this key, is too old, or is for
   *     something else
   */
  public ActionToken read(String token) throws RefusedLinkException {
    ActionToken read = action(payload(token));
    if (!clock.instant().isBefore(read.expiresAt())) {
      throw new RefusedLinkException(
          Reason.EXPIRED,
          "This link was good for " + LIFE.toHours() + " hours, until " + read.expiresAt() + ".",
          read);
    }
    return read;
  }

  /**
   * Reads a token of a calendar's address.
   *
   * @return name of the schedule
   * @throws RefusedLinkException when it was not made with this key, or is for something else
   */
  public String readCalendar(String token) throws RefusedLinkException {
    JsonNode schedule = payload(token).path("calendar");
    if (!schedule.isTextual()) {
      throw new RefusedLinkException(Reason.UNKNOWN, "This is not a calendar's address.", null);
    }
    return schedule.asText();
  }

  private JsonNode payload(String token) throws RefusedLinkException {
    int dot = token.indexOf('.');
    if (dot < 0 || !MessageDigest.isEqual(signature(token.substring(0, dot)), given(token, dot))) {
      throw new RefusedLinkException(
          Reason.SIGNATURE,
          "This link was not made by this server, or it was changed or cut on its way.",
          null);
    }
    try {
      return JSON.readTree(
          new String(
              Base64.getUrlDecoder().decode(token.substring(0, dot)), StandardCharsets.UTF_8));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalStateException("a token that is signed here can be read here", e);
    }
  }

  private static byte[] given(String token, int dot) {
    try {
      return Base64.getUrlDecoder().decode(token.substring(dot + 1));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static ActionToken action(JsonNode json) throws RefusedLinkException {
    for (Action action : Action.values()) {
      if (action.word().equals(json.path("action").asText())) {
        return new ActionToken(
            json.path("incident").asText(),
            action,
            json.path("receiver").asText(),
            Instant.ofEpochSecond(json.path("expires").asLong()));
      }
    }
    throw new RefusedLinkException(
        Reason.UNKNOWN, "This link is for something that is not done here.", null);
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
