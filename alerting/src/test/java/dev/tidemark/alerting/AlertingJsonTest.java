package dev.tidemark.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AlertingJsonTest {
  @Test
  void words_are_written_in_lower_case_and_read_in_any() {
    assertThat(AlertingJson.write(AlertState.FIRING)).isEqualTo("\"firing\"");
    assertThat(AlertingJson.read("\"firing\"", AlertState.class)).isEqualTo(AlertState.FIRING);
    assertThat(AlertingJson.read("\"FIRING\"", AlertState.class)).isEqualTo(AlertState.FIRING);
  }
}
