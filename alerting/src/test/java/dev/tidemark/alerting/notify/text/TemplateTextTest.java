package dev.tidemark.alerting.notify.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Samples;
import dev.tidemark.alerting.route.Receiver;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTextTest {
  private static final Notification NOTIFICATION =
      Samples.notification("id", NotificationKind.TRIGGERED, "r", "tidemark/INC-1", Samples.t(60));

  private static String text(String template) {
    return TemplateText.compile(template, UnaryOperator.identity()).apply(NOTIFICATION);
  }

  @Test
  void a_template_sees_the_words_labels_and_lists_of_a_notification() {
    assertThat(
            text(
                "{{mark}} {{dataset}} {{labels.domain}} {{severity}}/{{kind}}"
                    + "{{#each evidence}} - {{this}}{{/each}}"
                    + "{{#if runbookUrl}} {{runbookTitle}}{{/if}}"))
        .isEqualTo("PAGE flights travel page/triggered - no heartbeat for 61 s A dataset is stale");
  }

  @Test
  void a_label_that_one_alert_has_not_is_nothing() {
    assertThat(text("[{{labels.nope}}]")).isEqualTo("[]");
    assertThat(TemplateText.problems("[{{labels.nope}}]")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{datset}} | did you mean 'dataset'",
        "{{#each symptom}}x{{/each}} | did you mean 'symptoms'",
        "{{#if runbookUr}}x{{/if}} | did you mean 'runbookUrl'",
        "{{dataset.class}} | there is no 'dataset.class'",
        "{{dataset | cannot be read at 1:",
        "{{#if dataset}} | cannot be read at 1:",
        "{{> /etc/passwd}} | cannot be read",
        "{{nope dataset}} | cannot be read",
        "{{#each symptoms}}{{/each}} | says nothing"
      })
  void what_is_wrong_is_said_with_its_place_and_the_way_out(String template, String said) {
    assertThat(TemplateText.problems(template))
        .singleElement()
        .satisfies(problem -> assertThat(problem).contains(said));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{headline}}",
        "{{{headline}}} {{&title}}",
        "{{#each symptoms}}{{@index}}. {{this}}\n{{/each}}",
        "{{#unless path}}no path{{else}}{{path}}{{/unless}}",
        "{{lookup labels \"domain\"}}",
        "plain"
      })
  void what_is_right_has_no_problems(String template) {
    assertThat(TemplateText.problems(template)).isEmpty();
  }

  @Test
  void values_are_escaped_as_the_channel_asks_and_the_template_is_not() {
    Wording wording =
        new Wording(
            new Receiver.Templates("<{{dataset}}>\n  x", "<{{dataset}}> {{{dataset}}}"),
            value -> value.replace("f", "F"));
    assertThat(wording.body(NOTIFICATION)).isEqualTo("<Flights> flights");
    assertThat(wording.title(NOTIFICATION)).isEqualTo("<flights> x");
  }

  @Test
  void a_text_is_cut_between_characters() {
    assertThat(Wording.cut("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Wording.cut("abcdefg", 6)).isEqualTo("abcde…");
    assertThat(Wording.cut("abcd😀fg", 6)).isEqualTo("abcd…");
  }

  @Test
  void the_sample_has_every_field_and_says_that_it_is_a_test() {
    Notification sample = SampleNotification.of("pager", Samples.T0);
    assertThat(sample.incident().title()).contains("Test", "nothing is wrong");
    assertThat(sample.runbookUrl()).isNotNull();
    NotificationText text = NotificationText.of(sample);
    assertThat(text.symptoms()).hasSize(2);
    assertThat(text.evidence()).isNotEmpty();
    assertThat(text.path()).isEqualTo("orders-cdc → orders → orders_daily");
  }
}
