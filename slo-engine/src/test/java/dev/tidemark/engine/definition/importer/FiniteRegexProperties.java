package dev.tidemark.engine.definition.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

/** Java's own engine is the oracle: what it matches, of all short words, is what is listed. */
class FiniteRegexProperties {
  private static final List<String> SHORT_WORDS = shortWords();

  private static List<String> shortWords() {
    List<String> all = new ArrayList<>(List.of(""));
    for (int i = 0; i < all.size() && all.get(i).length() < 4; i++) {
      for (String letter : List.of("a", "b", "c", "-")) {
        all.add(all.get(i) + letter);
      }
    }
    return all;
  }

  @Provide
  Arbitrary<String> patterns() {
    Arbitrary<String> leaf =
        Arbitraries.of("a", "b", "c", "[ab]", "[a-c]", "[a-]", "\\-", "a?", "b{1,2}", "[bc]{2}");
    return Arbitraries.recursive(
        () -> leaf,
        inner ->
            Arbitraries.oneOf(
                Combinators.combine(inner, inner).as((left, right) -> left + right),
                Combinators.combine(inner, inner)
                    .as((left, right) -> "(" + left + "|" + right + ")"),
                inner.map(one -> "(?:" + one + ")?")),
        1,
        3);
  }

  @Property(tries = 500)
  void the_words_are_those_that_java_matches(@ForAll("patterns") String pattern) {
    Set<String> words = Set.of();
    try {
      words = FiniteRegex.words(pattern, false).words();
    } catch (FiniteRegex.Endless e) {
      Assume.that(false); // Some of these patterns do match more than is listed.
    }

    Pattern java = Pattern.compile(pattern);
    assertThat(words).as(pattern).allMatch(word -> java.matcher(word).matches());
    Set<String> matched = new TreeSet<>();
    SHORT_WORDS.stream().filter(word -> java.matcher(word).matches()).forEach(matched::add);
    assertThat(words).as(pattern).containsAll(matched);
  }

  @Property(tries = 1_000)
  void nothing_but_a_refusal_comes_of_garbage(
      @ForAll
          @Chars({
            '(', ')', '[', ']', '{', '}', '|', '\\', '?', '*', '^', '$', '-', ',', '.', 'a', '1',
            '=', '~', '!', '"', ' ', '/'
          })
          @StringLength(max = 40)
          String text) {
    try {
      assertThat(FiniteRegex.words(text, true).words()).isNotNull();
    } catch (FiniteRegex.Endless e) {
      assertThat(e).hasNoCause();
    }
    for (String query : List.of(text, "sum(rate(a{a" + text, "sum(rate(a[{{.window}}])) " + text)) {
      for (char operator : new char[] {'-', '/'}) {
        try {
          assertThat(PromSelector.pair(query, operator, PromSelector.SLOTH)).isNotNull();
        } catch (Refused e) {
          assertThat(e).hasMessageContaining("character");
        }
      }
      try {
        assertThat(PromSelector.rated(query, PromSelector.SLOTH)).isNotNull();
      } catch (Refused e) {
        assertThat(e).hasMessageContaining("character");
      }
    }
  }
}
