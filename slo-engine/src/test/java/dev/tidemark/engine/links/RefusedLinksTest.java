package dev.tidemark.engine.links;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.links.RefusedLinkException.Reason;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RefusedLinksTest {
  private static final Instant NOW = Instant.parse("2026-03-01T03:00:00Z");
  private static final ActionToken TOKEN =
      new ActionToken("INC-20260301-AAAAA", ActionToken.Action.SILENCE, "pager", NOW);

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final List<String> noted = new ArrayList<>();
  private final RefusedLinks refused =
      new RefusedLinks(
          new Clock() {
            @Override
            public ZoneOffset getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return requireNonNull(now.get());
            }
          },
          (actor, action, subject, detail) ->
              noted.add(actor + " | " + action + " | " + subject + " | " + detail));

  @Test
  void a_link_is_named_by_the_beginning_of_its_sha_256() {
    // printf %s abc | sha256sum; FIPS 180-2, example B.1.
    assertThat(RefusedLinks.name("abc")).isEqualTo("ba7816bf8f01");
  }

  @Test
  void what_can_be_trusted_says_whom_it_was_sent_and_what_for() {
    refused.refused(new RefusedLinkException(Reason.EXPIRED, "too old", TOKEN), "abc", "10.0.0.7");
    refused.used(TOKEN, "abc", "10.0.0.8");
    assertThat(noted)
        .containsExactly(
            "link sent to pager | link refused | INC-20260301-AAAAA | expired: link ba7816bf8f01 to"
                + " silence, opened from 10.0.0.7",
            "link sent to pager | link refused | INC-20260301-AAAAA | used: link ba7816bf8f01 to"
                + " silence, opened from 10.0.0.8");
    assertThat(refused.counts())
        .isEqualTo(Map.of("expired", 1L, "signature", 0L, "unknown", 0L, "used", 1L));
  }

  @Test
  void a_flood_of_forgeries_is_counted_whole_and_noted_in_part() {
    RefusedLinkException forged = new RefusedLinkException(Reason.SIGNATURE, "forged", null);
    for (int i = 0; i < 1000; i++) {
      refused.refused(forged, "abc", "10.0.0.7");
    }
    assertThat(noted).hasSize(61);
    assertThat(noted.get(0))
        .isEqualTo(
            "unknown | link refused |  | signature: link ba7816bf8f01, opened from 10.0.0.7");
    assertThat(noted.get(60)).endsWith("more of them are only counted this minute");
    refused.used(TOKEN, "abc", "10.0.0.8");
    assertThat(noted).as("what is known to be ours is always noted").hasSize(62);
    now.set(NOW.plusSeconds(60));
    refused.refused(forged, "abc", "10.0.0.7");
    assertThat(noted).hasSize(63);
    assertThat(refused.counts()).containsEntry("signature", 1001L);
  }
}
