package dev.tidemark.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Alertmanager's documentation says of {@code inhibit_rule}, in examples. */
class InhibitionTest {
  private static Inhibition rule(String source, String target, String... equal) {
    return new Inhibition(
        "rule", List.of(Matcher.parse(source)), List.of(Matcher.parse(target)), List.of(equal));
  }

  private static Map<String, String> labels(String... pairs) {
    return Stream.of(pairs)
        .map(pair -> pair.split("=", 2))
        .collect(java.util.stream.Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  @Test
  void a_source_keeps_targets_with_the_same_labels_quiet() {
    Inhibition rule = rule("severity=\"page\"", "severity=\"ticket\"", "domain");
    assertThat(
            rule.inhibits(
                labels("severity=page", "domain=a"), labels("severity=ticket", "domain=a")))
        .isTrue();
    assertThat(
            rule.inhibits(
                labels("severity=page", "domain=a"), labels("severity=ticket", "domain=b")))
        .isFalse();
    assertThat(
            rule.inhibits(
                labels("severity=ticket", "domain=a"), labels("severity=page", "domain=a")))
        .isFalse();
  }

  @Test
  void a_missing_label_is_an_empty_one() {
    Inhibition rule = rule("severity=\"page\"", "severity=\"ticket\"", "region");
    assertThat(rule.inhibits(labels("severity=page"), labels("severity=ticket"))).isTrue();
    assertThat(rule.inhibits(labels("severity=page", "region="), labels("severity=ticket")))
        .isTrue();
    assertThat(rule.inhibits(labels("severity=page", "region=eu"), labels("severity=ticket")))
        .isFalse();
  }

  @Test
  void what_matches_both_sides_keeps_neither_itself_nor_another_such_quiet() {
    Inhibition rule = rule("team=\"data\"", "domain=~\".+\"");
    Map<String, String> both = labels("team=data", "domain=a");
    assertThat(rule.inhibits(both, both)).isFalse();
    assertThat(rule.inhibits(both, labels("team=data", "domain=b"))).isFalse();
    // Only a source inhibits what matches both; what matches both inhibits what is only a target.
    assertThat(rule.inhibits(labels("team=data"), both)).isTrue();
    assertThat(rule.inhibits(both, labels("domain=b"))).isTrue();
  }
}
