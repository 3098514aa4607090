package dev.tidemark.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatcherTest {
  private static final Map<String, String> LABELS = Map.of("severity", "page", "domain", "travel");

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '`',
      value = {
        "severity=\"page\"      > true",
        "severity = page        > true",
        "severity=\"ticket\"    > false",
        "severity!=\"ticket\"   > true",
        "severity=~\"pa.*\"     > true",
        "severity=~\"pa\"       > false",
        "severity=~\"page|x\"   > true",
        "severity!~\"pa.*\"     > false",
        "tier=\"\"              > true",
        "tier!=\"\"             > false",
        "tier!~\".+\"           > true",
      })
  void matches_as_alertmanager_does(String text, boolean expected) {
    assertThat(Matcher.parse(text).matches(LABELS)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"severity", "=\"x\"", "a==\"b\"c", "a=\"b", "a=b\"", "a=~\"(\"", ""})
  void refuses_what_is_no_matcher_with_its_text(String text) {
    assertThatThrownBy(() -> Matcher.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=\"b\"", "a=~\"\\\\d+\"", "a!=\"say \\\"x\\\"\"", "a!~\"l\\nm\""})
  void its_text_is_read_back(String text) {
    Matcher matcher = Matcher.parse(text);
    assertThat(matcher).hasToString(text);
    assertThat(Matcher.parse(matcher.toString())).isEqualTo(matcher);
  }

  @Test
  void an_unknown_escape_stands_for_itself() {
    assertThat(Matcher.parse("a=~\"\\d+\"").value()).isEqualTo("\\d+");
  }

  @Test
  void any_of_some_values_matches_them_and_nothing_else() {
    Matcher matcher = Matcher.anyOf("dataset", List.of("shop.orders", "a|b"));

    assertThat(matcher.matches(Map.of("dataset", "shop.orders"))).isTrue();
    assertThat(matcher.matches(Map.of("dataset", "a|b"))).isTrue();
    assertThat(matcher.matches(Map.of("dataset", "shopXorders"))).isFalse();
    assertThat(matcher.matches(Map.of("dataset", "a"))).isFalse();
    assertThat(Matcher.parse(matcher.toString())).isEqualTo(matcher);
    assertThat(Matcher.anyOf("dataset", List.of("one"))).isEqualTo(Matcher.equal("dataset", "one"));
  }
}
