package dev.tidemark.alerting.notify.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves that a payload is ours. The header {@value #HEADER} is {@code t=SECONDS,v1=HEX}: the Unix
 * time of sending, and the HMAC-SHA256, with the shared secret, of that number, a dot, and the
 * body's bytes as they came. To verify: recompute over the raw body, compare in constant time, and
 * refuse a time that is more than five minutes away, so that nobody can replay an old payload.
 */
final class Signature {
  static final String HEADER = "X-Tidemark-Signature";

  private Signature() {}

  static String of(String secret, Instant at, String body) {
    long seconds = at.getEpochSecond();
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signed = mac.doFinal((seconds + "." + body).getBytes(StandardCharsets.UTF_8));
      return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has HmacSHA256", e);
    }
  }
}
