package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark schedule}: who is on call. */
@Command(
    name = "schedule",
    mixinStandardHelpOptions = true,
    description = "Who is on call now and next; without a name, of every schedule.")
final class ScheduleCommand extends QueryCommand {
  @Parameters(paramLabel = "NAME", arity = "0..1", description = "As the definitions name it.")
  private String name = "";

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Lists shifts from then on, such as 2026-03-01T00:00:00Z (default: now).")
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Lists shifts until then (default: 14 days later).")
  private String to = "";

  @Option(names = "--ical", description = "Prints iCalendar (RFC 5545) instead.")
  private boolean ical;

  @Override
  JsonNode ask(ServerClient server) throws ServerClient.Refused {
    if (name.isEmpty()) {
      if (ical || !from.isEmpty() || !to.isEmpty()) {
        throw new ServerClient.Refused(0, "name the schedule whose shifts you want");
      }
      return server.get("/api/v1/schedules");
    }
    String path = "/api/v1/schedules/" + ServerClient.segment(name);
    List<String> query = new ArrayList<>();
    if (!from.isEmpty()) {
      query.add("from=" + ServerClient.segment(from));
    }
    if (!to.isEmpty()) {
      query.add("to=" + ServerClient.segment(to));
    }
    String asked = query.isEmpty() ? "" : "?" + String.join("&", query);
    return ical
        ? JsonNodeFactory.instance.objectNode().put("ical", server.text(path + ".ics" + asked))
        : server.get(path + asked);
  }

  @Override
  void print(JsonNode answer, PrintWriter out) {
    if (ical) {
      out.print(answer.path("ical").asText());
      out.flush();
      return;
    }
    if (answer.has("schedules") && answer.path("schedules").isEmpty()) {
      out.println(
          "There are no schedules, so nobody is on call by turns. Define one, by a document of"
              + " kind: Schedule.");
      out.flush();
      return;
    }
    Table now = new Table("SCHEDULE", "TIMEZONE", "ON CALL", "UNTIL", "NEXT");
    if (answer.has("schedules")) {
      answer.path("schedules").forEach(one -> row(now, one));
    } else {
      row(now, answer);
    }
    now.print(out);
    out.println();
    Table calendars = new Table("SCHEDULE", "CALENDAR TO SUBSCRIBE TO");
    if (answer.has("schedules")) {
      answer.path("schedules").forEach(one -> calendar(calendars, one));
    } else {
      calendar(calendars, answer);
    }
    calendars.print(out);
    if (!from.isEmpty() || !to.isEmpty()) {
      out.println();
      Table shifts = new Table("FROM", "TO", "ON CALL");
      for (JsonNode shift : answer.path("shifts")) {
        shifts.row(
            shift.path("from").asText(), shift.path("to").asText(), names(shift.path("members")));
      }
      shifts.print(out, "Nobody is on call between these times.");
    }
  }

  private static void row(Table table, JsonNode schedule) {
    boolean changes = schedule.hasNonNull("until");
    table.row(
        schedule.path("name").asText(),
        schedule.path("timezone").asText(),
        names(schedule.path("onCall")),
        changes ? schedule.path("until").asText() : "–",
        changes ? names(schedule.path("next")) : "–");
  }

  private static void calendar(Table table, JsonNode schedule) {
    table.row(schedule.path("name").asText(), schedule.path("calendarUrl").asText());
  }

  private static String names(JsonNode members) {
    List<String> names = new ArrayList<>();
    members.forEach(member -> names.add(member.asText()));
    return names.isEmpty() ? "nobody" : String.join(", ", names);
  }
}
