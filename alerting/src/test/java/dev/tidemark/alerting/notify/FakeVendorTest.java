package dev.tidemark.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
