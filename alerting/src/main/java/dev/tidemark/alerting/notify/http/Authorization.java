package dev.tidemark.alerting.notify.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Values of the header {@code Authorization}, which are secrets. Pure functions. */
public final class Authorization {
  private Authorization() {}

  /**
   * Returns Basic of RFC 7617 with a user, Bearer of RFC 6750 without.
   *
   * @param secret the password or token
   */
  public static String of(@Nullable String username, String secret) {
    return username == null
        ? "Bearer " + secret
        : "Basic "
            + Base64.getEncoder()
                .encodeToString((username + ":" + secret).getBytes(StandardCharsets.UTF_8));
  }
}
