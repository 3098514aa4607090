package dev.tidemark.alerting.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignatureTest {
  @Test
  void openssl_makes_the_same_signature() {
    // printf '1772366490.{"a":"ä"}' | openssl dgst -sha256 -hmac "k3y of the webhook"
    assertThat(
            Signature.of(
                "k3y of the webhook", Instant.parse("2026-03-01T12:01:30.9Z"), "{\"a\":\"ä\"}"))
        .isEqualTo(
            "t=1772366490,v1="
                + "1789b0655fc022ae5b66e8878cfb8b9e9a603d7d74720ef138f269207a6d9bce");
  }
}
