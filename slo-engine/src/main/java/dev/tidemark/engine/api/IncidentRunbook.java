package dev.tidemark.engine.api;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Incident;
import dev.tidemark.dashboards.Formats;
import dev.tidemark.engine.report.RunbookStep;
import dev.tidemark.runbooks.Runbook;
import dev.tidemark.runbooks.RunbookLibrary;
import dev.tidemark.runbooks.RunbookRenderer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The runbook that an incident asks for, the incident's facts filled in. Immutable.
 *
 * @param runbook as it is in the library
 * @param incident whose facts they are
 */
public record IncidentRunbook(Runbook runbook, Incident incident) {
  private static final RunbookRenderer RENDERER = new RunbookRenderer();

  /** Returns it, empty when the incident asks for none or for one that is not there. */
  public static Optional<IncidentRunbook> of(RunbookLibrary library, Incident incident) {
    String id = incident.lead().runbook();
    return id == null
        ? Optional.empty()
        : library.find(id).map(runbook -> new IncidentRunbook(runbook, incident));
  }

  /** Returns its text as HTML. */
  public String html() {
    return RENDERER.html(runbook, facts(incident));
  }

  /** Returns its steps, and which of them were done; may be empty. */
  public List<RunbookStep> steps() {
    return RunbookStep.of(RENDERER.steps(runbook, facts(incident)), incident);
  }

  /** Returns what a runbook's text may name. */
  public static Map<String, String> facts(Incident incident) {
    Alert lead = incident.lead();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("id", incident.id());
    facts.put("title", incident.title());
    facts.put("dataset", lead.dataset());
    facts.put("objective", lead.labels().getOrDefault("objective", lead.objective()));
    facts.put("since", Formats.second(incident.badSince()));
    putIfThere(facts, "pipeline", lead.labels().get("pipeline"));
    putIfThere(facts, "connector", lead.labels().get("connector"));
    putIfThere(facts, "owner", lead.labels().get("owner"));
    if (lead.cause() != null) {
      facts.put("cause", lead.cause().type() + " " + lead.cause().name());
    }
    facts.put("hurt", String.join(", ", lead.blastRadius().consumers()));
    return facts;
  }

  private static void putIfThere(Map<String, String> facts, String name, @Nullable String value) {
    if (value != null) {
      facts.put(name, value);
    }
  }
}
