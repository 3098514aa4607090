package dev.tidemark.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fakes themselves complain when something is wrong, or they would prove nothing. */
class FakeVendorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "pagerduty    | event          | {'routing_key':'too short','event_action':'resolve','dedup_key':'k'}",
        "opsgenie     | create         | {'message':'m','mesage':'unknown'}",
        "opsgenie     | priority       | {'priority':'P6'}",
        "slack        | post           | {'channel':'#alerts','text':'a name, not an id'}",
        "slack        | webhook        | {'text':'t','blocks':[{'type':'header','text':{'type':'mrkdwn','text':'x'}}]}",
        "teams        | message        | {'type':'message','attachments':[{'contentType':'text/plain','content':{}}]}",
        "alertmanager | postableAlerts | [{'labels':{'alertname':'a'},'startsAt':'yesterday'}]",
        "alertmanager | postableAlerts | [{'labels':{'alertname':'a','a-b':'c'}}]",
        "alertmanager | webhook        | {'version':'3'}",
        "jira         | create         | {'fields':{'project':{'key':'DATA'},'issuetype':{'name':'Task'},'summary':'s','labels':['two words']}}",
        "github       | update         | {'state':'done'}",
        "servicenow   | update         | {'close_code':'alone'}"
      })
  void what_does_not_fit_is_noticed(String file, String definition, String json)
      throws IOException {
    JsonNode document = FakeVendor.JSON.readTree(json.replace('\'', '"'));
    assertThat(FakeVendor.schema(file, definition).validate(document)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alertmanager",
        "github",
        "jira",
        "opsgenie",
        "pagerduty",
        "servicenow",
        "slack",
        "teams",
        "tidemark"
      })
  void a_schema_names_its_source_and_day_and_knows_every_field(String file) throws IOException {
    try (var in = FakeVendor.class.getResourceAsStream("/vendors/" + file + ".json")) {
      JsonNode schema = FakeVendor.JSON.readTree(java.util.Objects.requireNonNull(in));
      assertThat(schema.path("$comment").asText()).matches("As of \\d{4}-\\d\\d-\\d\\d: .*");
      List<String> open = new ArrayList<>();
      open(schema.path("$defs"), "", open);
      // PagerDuty takes whatever one likes there, and says so.
      open.removeIf(path -> path.endsWith("/custom_details"));
      assertThat(open).isEmpty();
    }
  }

  /** Objects that take fields which nobody named. */
  private static void open(JsonNode schema, String path, List<String> open) {
    if (schema.path("type").asText().equals("object")
        && !schema.has("additionalProperties")
        && !schema.has("unevaluatedProperties")) {
      open.add(path);
    }
    schema.properties().forEach(field -> open(field.getValue(), path + "/" + field.getKey(), open));
    if (schema.isArray()) {
      schema.forEach(item -> open(item, path + "[]", open));
    }
  }
}
