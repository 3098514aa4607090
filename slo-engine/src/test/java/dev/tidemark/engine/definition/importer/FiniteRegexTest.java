package dev.tidemark.engine.definition.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiniteRegexTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "GET;GET",
        "GET|POST;GET,POST",
        "(GET|POST);GET,POST",
        "50[03];500,503",
        "50[0-2];500,501,502",
        "(?:a|b)c?;ac,a,bc,b",
        "a{2,3};aa,aaa",
        "^ok$;ok",
        "a\\.b;a.b",
        "(x(1|2)|y);x1,x2,y",
      })
  void few_words_are_spelled_out(String pattern, String words) throws Exception {
    assertThat(FiniteRegex.words(pattern, false).words())
        .containsExactlyInAnyOrder(words.split(","));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".*", "a+", "5..", "[^a]", "(?i)ok", "\\w", "a{3,}", "(a", "a)", "\\d{4}", "[a", "\\", "x$y"
      })
  void what_matches_more_is_not_read(String pattern) {
    assertThatThrownBy(() -> FiniteRegex.words(pattern, false))
        .isInstanceOf(FiniteRegex.Endless.class);
  }

  @Test
  void a_dot_in_a_code_is_a_digit() throws Exception {
    FiniteRegex.Words words = FiniteRegex.words("5..", true);

    assertThat(words.dotAsDigit()).isTrue();
    assertThat(words.words()).hasSize(100).contains("500", "503", "599");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[45]\\d{2}", "(2|3)0[0-8]", "a(b|c)?d", "[a-c]-[xyz]", "(|a)b"})
  void every_word_matches_in_java_too(String pattern) throws Exception {
    Set<String> words = FiniteRegex.words(pattern, false).words();

    assertThat(words).isNotEmpty().allMatch(word -> Pattern.matches(pattern, word));
  }
}
