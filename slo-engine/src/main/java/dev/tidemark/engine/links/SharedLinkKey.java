package dev.tidemark.engine.links;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.Documents.Document;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The key of signed links where several servers work on one ClickHouse, so that a link in a message
 * of one is good at the others. It lies in ClickHouse, sealed with AES-GCM (NIST SP 800-38D) under
 * a key made from the servers' secret: who may only read tables cannot sign. The first one that was
 * written counts. Stateless.
 */
public final class SharedLinkKey {
  /** Kind of the document; there is one. */
  public static final String KIND = "links-key";

  private static final String ID = "all-servers";
  private static final String ALGORITHM = "AES/GCM/NoPadding";
  private static final int IV_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final ObjectMapper JSON = new ObjectMapper();

  private SharedLinkKey() {}

  /**
   * Reads the key, if there is one yet.
   *
   * @param sealing made from the servers' secret
   * @throws IOException when it was sealed with another secret, or is damaged; the message says
   *     what to do
   */
  public static Optional<byte[]> read(Documents shared, SecretKey sealing) throws IOException {
    Optional<Document> found = shared.get(KIND, ID);
    return found.isEmpty() ? Optional.empty() : Optional.of(opened(found.get(), sealing));
  }

  /**
   * Returns the key of all servers; that is {@code own} when there is none yet.
   *
   * @param sealing made from the servers' secret
   * @param own what this server signed with so far
   * @param now the one that was written earliest counts
   * @throws IOException as {@link #read}
   */
  public static byte[] agree(Documents shared, SecretKey sealing, byte[] own, Instant now)
      throws IOException {
    Optional<byte[]> there = read(shared, sealing);
    if (there.isPresent()) {
      return there.get();
    }
    // The highest version of a document counts, and here the earliest shall.
    shared.put(
        new Document(
            KIND, ID, "KEPT", now, sealed(own, sealing), Long.MAX_VALUE - now.toEpochMilli()));
    return read(shared, sealing)
        .orElseThrow(() -> new IOException("ClickHouse has not kept the key of signed links"));
  }

  private static String sealed(byte[] key, SecretKey sealing) {
    byte[] iv = new byte[IV_BYTES];
    new SecureRandom().nextBytes(iv);
    try {
      Cipher cipher = Cipher.getInstance(ALGORITHM);
      cipher.init(Cipher.ENCRYPT_MODE, sealing, new GCMParameterSpec(TAG_BITS, iv));
      byte[] text = cipher.doFinal(key);
      byte[] both = Arrays.copyOf(iv, iv.length + text.length);
      System.arraycopy(text, 0, both, iv.length, text.length);
      return JSON.createObjectNode()
          .put("sealed", Base64.getEncoder().encodeToString(both))
          .toString();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  private static byte[] opened(Document document, SecretKey sealing) throws IOException {
    try {
      byte[] both =
          Base64.getDecoder().decode(JSON.readTree(document.json()).path("sealed").asText());
      if (both.length <= IV_BYTES) {
        throw new IOException("ClickHouse's document '" + KIND + "' is no key; " + remedy());
      }
      Cipher cipher = Cipher.getInstance(ALGORITHM);
      cipher.init(Cipher.DECRYPT_MODE, sealing, new GCMParameterSpec(TAG_BITS, both, 0, IV_BYTES));
      return cipher.doFinal(both, IV_BYTES, both.length - IV_BYTES);
    } catch (AEADBadTagException e) {
      throw new IOException(
          "the one in ClickHouse was sealed with another cluster.secret; give all servers the same"
              + " secret, or, when it was changed on all of them, "
              + remedy(),
          e);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException("ClickHouse's document '" + KIND + "' is no key; " + remedy(), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  private static String remedy() {
    return "remove it (ALTER TABLE documents DELETE WHERE kind = '"
        + KIND
        + "'), which makes links void that were sent";
  }
}
