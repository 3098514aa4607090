package dev.tidemark.engine.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Period;
import org.junit.jupiter.api.Test;

class RunbookViewsTest {
  @Test
  void periods_of_review_are_told_in_words() {
    assertThat(RunbookViews.words(Period.ofMonths(3))).isEqualTo("3 months");
    assertThat(RunbookViews.words(Period.ofDays(90))).isEqualTo("90 days");
    assertThat(RunbookViews.words(Period.of(1, 1, 0))).isEqualTo("1 year 1 month");
  }
}
