package dev.tidemark.engine.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkSignerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T03:00:00Z");
  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final ActionToken TOKEN =
      new ActionToken(
          "INC-20260301-AAAAA",
          ActionToken.Action.ACKNOWLEDGE,
          "team/ä",
          NOW.plus(Duration.ofHours(24)));

  private static LinkSigner at(Instant now, byte[] key) {
    return new LinkSigner(key, "https://tidemark.example.org/", Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void a_token_is_read_as_it_was_made_and_stands_in_a_path_as_it_is() throws Exception {
    String token = at(NOW, KEY).token(TOKEN);
    assertThat(token).matches("[A-Za-z0-9_.-]+");
    assertThat(at(NOW, KEY).read(token)).isEqualTo(TOKEN);
  }

  @Test
  void the_signature_is_the_one_that_openssl_makes() {
    // printf %s PAYLOAD | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef -binary
    // | base64, with PAYLOAD the part before the dot.
    String token = at(NOW, KEY).token(TOKEN);
    int dot = token.indexOf('.');
    assertThat(
            new String(
                Base64.getUrlDecoder().decode(token.substring(0, dot)), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"incident\":\"INC-20260301-AAAAA\",\"action\":\"acknowledge\","
                + "\"receiver\":\"team/ä\",\"expires\":1772420400}");
    assertThat(token.substring(dot + 1)).isEqualTo("BJQQk4Q31gtNXUIaxInESmIQw_oKb27wyyO9hBBcPHI");
  }

  @Test
  void a_token_is_good_for_a_day_and_not_a_second_longer() throws Exception {
    String token = at(NOW, KEY).token(TOKEN);
    assertThat(at(NOW.plus(Duration.ofHours(24)).minusMillis(1), KEY).read(token)).isEqualTo(TOKEN);
    assertThatThrownBy(() -> at(NOW.plus(Duration.ofHours(24)), KEY).read(token))
        .isInstanceOfSatisfying(
            RefusedLinkException.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(RefusedLinkException.Reason.EXPIRED);
              assertThat(refused.token()).isEqualTo(TOKEN);
            })
        .hasMessageContaining("24 hours, until 2026-03-02T03:00:00Z");
  }

  @Test
  void whatever_is_changed_or_signed_with_another_key_is_refused() {
    LinkSigner signer = at(NOW, KEY);
    String token = signer.token(TOKEN);
    String payload = token.substring(0, token.indexOf('.'));
    String other =
        signer.token(
            new ActionToken(
                "INC-20260301-BBBBB", TOKEN.action(), TOKEN.receiver(), TOKEN.expiresAt()));
    for (String forged :
        new String[] {
          "",
          ".",
          "nonsense",
          payload,
          payload + ".",
          payload + ".%%%",
          other.substring(0, other.indexOf('.')) + token.substring(token.indexOf('.')),
          token + "AAAA",
          at(NOW, "another key of the same length!!".getBytes(StandardCharsets.US_ASCII))
              .token(TOKEN)
        }) {
      assertThatThrownBy(() -> signer.read(forged))
          .as(forged)
          .isInstanceOf(RefusedLinkException.class)
          .hasMessageContaining("not made by this server");
    }
    for (int i = 0; i < token.length() - 1; i++) {
      char changed = token.charAt(i) == 'A' ? 'B' : 'A';
      String forged = token.substring(0, i) + changed + token.substring(i + 1);
      assertThatThrownBy(() -> signer.read(forged))
          .as(forged)
          .isInstanceOf(RefusedLinkException.class);
    }
  }

  @Test
  void a_calendars_address_is_good_for_years_until_the_key_changes() throws Exception {
    String path = "/calendars/" + at(NOW, KEY).calendarFile("primary/ä");
    assertThat(path).matches("/calendars/[A-Za-z0-9_.-]+\\.ics");
    assertThat(at(NOW, KEY).calendarUrl("primary/ä"))
        .isEqualTo("https://tidemark.example.org" + path);
    String token = path.substring("/calendars/".length(), path.length() - ".ics".length());
    assertThat(at(NOW.plus(Duration.ofDays(3650)), KEY).readCalendar(token)).isEqualTo("primary/ä");
    byte[] changed = "another key of the same length!!".getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> at(NOW, changed).readCalendar(token))
        .isInstanceOfSatisfying(
            RefusedLinkException.class,
            refused ->
                assertThat(refused.reason()).isEqualTo(RefusedLinkException.Reason.SIGNATURE));
  }

  @Test
  void an_action_is_no_calendar_and_a_calendar_no_action() {
    LinkSigner signer = at(NOW, KEY);
    String path = "/calendars/" + signer.calendarFile("primary");
    String calendar = path.substring("/calendars/".length(), path.length() - ".ics".length());
    assertThatThrownBy(() -> signer.read(calendar))
        .isInstanceOfSatisfying(
            RefusedLinkException.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusedLinkException.Reason.UNKNOWN));
    String action = signer.token(TOKEN);
    assertThatThrownBy(() -> signer.readCalendar(action))
        .isInstanceOfSatisfying(
            RefusedLinkException.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusedLinkException.Reason.UNKNOWN));
  }

  @Test
  void the_key_is_made_once_is_for_its_owner_only_and_stays(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("links.key");
    byte[] made = LinkKey.load(file);
    assertThat(made).hasSize(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(LinkKey.load(file)).isEqualTo(made);
    assertThat(LinkKey.load(folder.resolve("other.key"))).isNotEqualTo(made);
  }

  @Test
  void a_key_that_is_damaged_or_open_to_others_is_refused(@TempDir Path folder) throws IOException {
    Path damaged = folder.resolve("damaged.key");
    Files.writeString(
        Files.createFile(
            damaged,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
        "half a k");
    assertThatThrownBy(() -> LinkKey.load(damaged)).hasMessageContaining("is no key; remove it");
    Path open = folder.resolve("open.key");
    byte[] unused = LinkKey.load(open);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> LinkKey.load(open)).hasMessageContaining("chmod 600");
  }
}
