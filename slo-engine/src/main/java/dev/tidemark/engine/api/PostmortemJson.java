package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Incident;
import dev.tidemark.engine.report.EpisodeTimes;
import dev.tidemark.engine.report.Postmortem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is known for the talk after an incident as JSON. What is not known, or not yet, is absent.
 * Pure functions.
 */
final class PostmortemJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What of the incident's document is in it as it is there. */
  private static final List<String> AS_IT_IS =
      List.of("id", "title", "state", "severity", "causeKey", "cause");

  private PostmortemJson() {}

  static ObjectNode of(Postmortem known) throws IOException {
    Incident incident = known.incident();
    JsonNode document = JSON.readTree(AlertingJson.write(incident));
    ObjectNode answer = JSON.createObjectNode();
    for (String field : AS_IT_IS) {
      if (document.hasNonNull(field)) {
        answer.set(field, document.get(field));
      }
    }
    String owner = incident.lead().labels().get("owner");
    if (owner != null) {
      answer.put("owner", owner);
    }
    ArrayNode episodes = answer.putArray("episodes");
    for (EpisodeTimes times : known.episodes()) {
      ObjectNode one = (ObjectNode) JSON.readTree(AlertingJson.write(times.episode()));
      seconds(one, "secondsToDetect", times.toDetect());
      seconds(one, "secondsToAcknowledge", times.toAcknowledge());
      seconds(one, "secondsToRecover", times.toRecover());
      episodes.add(one);
    }
    known.datasets().forEach(answer.putArray("datasets")::add);
    known.consumers().forEach(answer.putArray("consumers")::add);
    answer.set("timeline", document.get("timeline"));
    return answer;
  }

  private static void seconds(ObjectNode to, String name, Optional<Duration> length) {
    length.ifPresent(known -> to.put(name, known.toMillis() / 1000.0));
  }
}
