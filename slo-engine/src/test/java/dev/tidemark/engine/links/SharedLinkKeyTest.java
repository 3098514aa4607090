package dev.tidemark.engine.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.engine.cluster.ClusterSettings;
import dev.tidemark.engine.cluster.ClusterSettings.Place;
import dev.tidemark.engine.store.Documents.Document;
import dev.tidemark.engine.store.local.LocalDocuments;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedLinkKeyTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final LocalDocuments shared;

  SharedLinkKeyTest(@TempDir Path folder) {
    this.shared = new LocalDocuments(folder.resolve("shared"));
  }

  @AfterEach
  void close() {
    shared.close();
  }

  private static SecretKey sealing(String secret) {
    return new ClusterSettings(new Place("127.0.0.1", 1), List.of(), secret).key("tidemark links");
  }

  private static byte[] key(int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return key;
  }

  @Test
  void the_key_of_the_first_server_is_that_of_all() throws Exception {
    assertThat(SharedLinkKey.read(shared, sealing("tides"))).isEmpty();
    assertThat(SharedLinkKey.agree(shared, sealing("tides"), key(1), NOW)).isEqualTo(key(1));
    assertThat(SharedLinkKey.agree(shared, sealing("tides"), key(2), NOW.plusSeconds(1)))
        .isEqualTo(key(1));
    assertThat(SharedLinkKey.read(shared, sealing("tides"))).contains(key(1));
  }

  @Test
  void of_two_that_write_at_once_the_earlier_one_counts_whichever_arrives_last() throws Exception {
    byte[] first = SharedLinkKey.agree(shared, sealing("tides"), key(1), NOW);
    Document written = shared.list(SharedLinkKey.KIND, List.of(), Instant.EPOCH, 9).get(0);
    // One second later on the other server, which had found nothing yet.
    shared.put(
        new Document(
            written.kind(),
            written.id(),
            "KEPT",
            NOW.plusSeconds(1),
            "{\"sealed\": \"later\"}",
            written.version() - 1_000));
    assertThat(SharedLinkKey.read(shared, sealing("tides"))).contains(first);
  }

  @Test
  void another_secret_is_said_with_the_way_out() throws Exception {
    byte[] unused = SharedLinkKey.agree(shared, sealing("tides"), key(1), NOW);
    assertThatThrownBy(() -> SharedLinkKey.read(shared, sealing("ebbs")))
        .hasMessageContaining("give all servers the same secret")
        .hasMessageContaining("ALTER TABLE documents DELETE WHERE kind = 'links-key'");
  }

  @Test
  void a_damaged_key_is_said_with_the_way_out() {
    shared.put(new Document(SharedLinkKey.KIND, "all-servers", "KEPT", NOW, "{}", 1));
    assertThatThrownBy(() -> SharedLinkKey.read(shared, sealing("tides")))
        .hasMessageContaining("is no key; remove it");
  }

  @Test
  void the_key_itself_is_not_in_the_document() throws Exception {
    byte[] unused = SharedLinkKey.agree(shared, sealing("tides"), key(7), NOW);
    String json = shared.list(SharedLinkKey.KIND, List.of(), Instant.EPOCH, 9).get(0).json();
    String plain = Base64.getEncoder().withoutPadding().encodeToString(key(7));
    assertThat(json).doesNotContain(plain.substring(4, 20));
  }

  @Test
  void servers_without_a_secret_share_a_key_too() throws Exception {
    assertThat(SharedLinkKey.agree(shared, sealing(""), key(1), NOW)).isEqualTo(key(1));
    assertThat(SharedLinkKey.agree(shared, sealing(""), key(2), NOW)).isEqualTo(key(1));
  }
}
