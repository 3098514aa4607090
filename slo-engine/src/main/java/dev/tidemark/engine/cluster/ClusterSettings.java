package dev.tidemark.engine.cluster;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * How servers find each other. Immutable; the secret never shows.
 *
 * @param listen where this one is reached by the others, over TCP
 * @param peers the others; naming this one too is harmless
 * @param secret shared by all of them, from which the key is made that encrypts what they say to
 *     each other; empty only on loopback
 */
public record ClusterSettings(Place listen, List<Place> peers, String secret) {
  private static final int KEY_BITS = 256;
  private static final int KEY_ROUNDS = 210_000;

  /** Copies the list. */
  public ClusterSettings {
    peers = List.copyOf(peers);
  }

  /**
   * An address.
   *
   * @param host name or IP address
   * @param port 1 to 65535
   */
  public record Place(String host, int port) {
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * Makes a key from the secret by PBKDF2 (RFC 8018), with the purpose as salt: the same on all
   * servers, without a word between them. Takes a tenth of a second.
   *
   * @param purpose of the key; another one gives another key
   * @return an AES key of 256 bits
   */
  public SecretKey key(String purpose) {
    PBEKeySpec spec =
        new PBEKeySpec(
            secret.toCharArray(), purpose.getBytes(StandardCharsets.UTF_8), KEY_ROUNDS, KEY_BITS);
    try {
      return new SecretKeySpec(
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded(),
          "AES");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2", e);
    }
  }

  @Override
  public String toString() {
    return "ClusterSettings[" + listen + ", peers " + peers + "]";
  }
}
