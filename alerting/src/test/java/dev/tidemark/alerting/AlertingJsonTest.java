package dev.tidemark.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AlertingJsonTest {
  @Test
  void documents_from_before_objectives_at_risk_were_listed_list_none() {
    assertThat(
            AlertingJson.read(
                "{\"datasets\": [\"orders\"], \"consumers\": [\"app\"]}", BlastRadius.class))
        .isEqualTo(new BlastRadius(List.of("orders"), List.of("app"), List.of()));
  }

  @Test
  void words_are_written_in_lower_case_and_read_in_any() {
    assertThat(AlertingJson.write(AlertState.FIRING)).isEqualTo("\"firing\"");
    assertThat(AlertingJson.read("\"firing\"", AlertState.class)).isEqualTo(AlertState.FIRING);
    assertThat(AlertingJson.read("\"FIRING\"", AlertState.class)).isEqualTo(AlertState.FIRING);
  }
}
