package dev.tidemark.alerting.notify.alertmanager;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.AlertState;
import dev.tidemark.alerting.Cause;
import dev.tidemark.alerting.Notification;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** An alert in Alertmanager's words. */
public final class AlertWords {
  private AlertWords() {}

  /**
   * Returns the labels that routes see, with names that every version of Alertmanager takes. They
   * are the alert's identity there.
   */
  public static Map<String, String> labels(Alert alert) {
    Map<String, String> labels = new TreeMap<>();
    alert
        .routingLabels()
        .forEach(
            (name, value) -> {
              // An empty value means no label there.
              if (!value.isEmpty()) {
                labels.put(name(name), value);
              }
            });
    return labels;
  }

  private static String name(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_]", "_");
    return plain.isEmpty() || Character.isDigit(plain.charAt(0)) ? "_" + plain : plain;
  }

  /** Returns the alert's annotations and what the incident knows. */
  public static Map<String, String> annotations(Notification notification, Alert alert) {
    Map<String, String> annotations = new TreeMap<>();
    alert.annotations().forEach((name, value) -> annotations.put(name(name), value));
    annotations.putIfAbsent("summary", alert.dataset() + ": " + alert.objective());
    annotations.put("incident", notification.incident().id());
    annotations.put("since", alert.since().toString());
    if (!alert.burnRate().isBlank()) {
      annotations.put("burn_rate", alert.burnRate());
    }
    Double left = alert.budgetLeft();
    if (left != null) {
      annotations.put("budget_left", String.format(Locale.ROOT, "%.1f %%", left * 100));
    }
    Cause cause = notification.incident().cause();
    if (cause != null) {
      annotations.put(
          "cause",
          cause.type() + " " + cause.name() + (cause.certain() ? " (certain)" : " (guessed)"));
    }
    String runbook = notification.runbookUrl();
    if (runbook != null) {
      annotations.put("runbook_url", runbook);
    }
    return annotations;
  }

  /** Returns when the alert ended, of one that has; never before it began. */
  public static Instant endedAt(Notification notification, Alert alert) {
    Instant resolvedAt = notification.incident().resolvedAt();
    Instant ended =
        alert.state() == AlertState.RESOLVED
            ? alert.updatedAt()
            : Objects.requireNonNullElse(resolvedAt, notification.at());
    return ended.isBefore(alert.startsAt()) ? alert.startsAt() : ended;
  }

  /** Returns 16 hexadecimal digits, as many as Alertmanager's own fingerprints have. */
  public static String fingerprint(Alert alert) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(alert.fingerprint().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
