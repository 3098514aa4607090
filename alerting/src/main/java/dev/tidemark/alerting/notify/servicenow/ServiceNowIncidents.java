package dev.tidemark.alerting.notify.servicenow;

import static dev.tidemark.alerting.notify.text.Wording.cut;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.Severity;
import dev.tidemark.alerting.notify.http.Endpoint;
import dev.tidemark.alerting.notify.http.HttpSender;
import dev.tidemark.alerting.notify.http.UndeliveredException;
import dev.tidemark.alerting.notify.ticket.Ticket;
import dev.tidemark.alerting.notify.ticket.TicketSystem;
import dev.tidemark.alerting.notify.ticket.TicketText;
import dev.tidemark.alerting.route.Receiver;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ServiceNow's Table API on {@code incident}. The dedup key is the {@code correlation_id}. Pages
 * have urgency 1 and impact 2, tickets 3 and 3; the instance makes the priority of it.
 */
public final class ServiceNowIncidents implements TicketSystem {
  private static final String TABLE = "/api/now/table/incident";
  private static final int SHORT_LENGTH = 160;
  private static final int KEY_LENGTH = 100;
  private static final int TEXT_LENGTH = 4000;

  /** Values of {@code state}: resolved, closed, cancelled. */
  private static final Set<String> OVER = Set.of("6", "7", "8");

  private static final String IN_PROGRESS = "2";
  private static final String RESOLVED = "6";

  private final Receiver.ServiceNow serviceNow;
  private final Endpoint endpoint;

  /** Prepares one instance. */
  public ServiceNowIncidents(HttpSender sender, Receiver receiver, Receiver.ServiceNow serviceNow) {
    this.serviceNow = serviceNow;
    this.endpoint =
        Endpoint.signedIn(
            sender,
            receiver,
            serviceNow.url(),
            serviceNow.username(),
            serviceNow.password().reveal(),
            serviceNow.timeout());
  }

  /** A caret would end the condition of an encoded query. */
  private static String correlation(Notification notification) {
    return cut(notification.dedupKey().replace('^', '-'), KEY_LENGTH);
  }

  @Override
  public Optional<Ticket> find(Notification notification) throws UndeliveredException {
    String query = "correlation_id=" + correlation(notification) + "^ORDERBYDESCsys_created_on";
    JsonNode answer =
        endpoint.call(
            "GET",
            TABLE
                + "?sysparm_query="
                + URLEncoder.encode(query, StandardCharsets.UTF_8)
                + "&sysparm_fields=sys_id,state&sysparm_limit=1",
            null);
    if (!answer.path("result").isArray()) {
      throw unexpected("the search");
    }
    JsonNode incident = answer.path("result").path(0);
    return incident.isMissingNode() ? Optional.empty() : Optional.of(ticket(incident));
  }

  private static Ticket ticket(JsonNode incident) throws UndeliveredException {
    String id = incident.path("sys_id").asText();
    if (id.isEmpty()) {
      throw unexpected("an incident");
    }
    return new Ticket(id, !OVER.contains(incident.path("state").asText()));
  }

  private static UndeliveredException unexpected(String what) {
    return new UndeliveredException(
        new Delivery.Retry("ServiceNow answered " + what + " in another form", null));
  }

  @Override
  public Ticket create(Notification notification, TicketText text) throws UndeliveredException {
    return ticket(
        endpoint
            .call("POST", TABLE + "?sysparm_fields=sys_id,state", creation(notification, text))
            .path("result"));
  }

  private Map<String, Object> creation(Notification notification, TicketText text) {
    boolean page = notification.incident().severity() == Severity.PAGE;
    Map<String, Object> incident = new LinkedHashMap<>();
    incident.put("short_description", cut(text.title(), SHORT_LENGTH));
    incident.put("description", cut(text.body(), TEXT_LENGTH));
    incident.put("urgency", page ? "1" : "3");
    incident.put("impact", page ? "2" : "3");
    incident.put("correlation_id", correlation(notification));
    incident.put("correlation_display", "Tidemark");
    putIfThere(incident, "assignment_group", serviceNow.assignmentGroup());
    putIfThere(incident, "caller_id", serviceNow.caller());
    putIfThere(incident, "category", serviceNow.category());
    return incident;
  }

  private static void putIfThere(
      Map<String, Object> incident, String field, @Nullable String value) {
    if (value != null) {
      incident.put(field, value);
    }
  }

  @Override
  public void comment(Ticket ticket, String text) throws UndeliveredException {
    change(ticket, Map.of("work_notes", cut(text, TEXT_LENGTH)));
  }

  @Override
  public void close(Ticket ticket, String text) throws UndeliveredException {
    change(
        ticket,
        Map.of(
            "state",
            RESOLVED,
            "close_code",
            serviceNow.closeCode(),
            "close_notes",
            cut(text, TEXT_LENGTH),
            "work_notes",
            cut(text, TEXT_LENGTH)));
  }

  @Override
  public void reopen(Ticket ticket) throws UndeliveredException {
    change(ticket, Map.of("state", IN_PROGRESS));
  }

  @Override
  public boolean closesWithComment() {
    return true;
  }

  private void change(Ticket ticket, Map<String, String> fields) throws UndeliveredException {
    endpoint.send("PATCH", TABLE + "/" + ticket.id() + "?sysparm_fields=sys_id", fields);
  }

  @Override
  public String preview(Notification notification, TicketText text) {
    return endpoint.show("POST", TABLE, creation(notification, text));
  }
}
