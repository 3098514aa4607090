package dev.tidemark.dashboards.view;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A name that leads somewhere.
 *
 * @param text what is shown
 * @param href absolute path on this server or an http(s) address; null shows the text only
 */
public record Link(String text, @Nullable String href) {

  /** Returns a name that leads nowhere. */
  public static Link none(String text) {
    return new Link(text, null);
  }

  /** Returns the link to a dataset's page. */
  public static Link dataset(String name) {
    return new Link(name, "/datasets/" + segment(name));
  }

  /** Returns the link to an objective's page. */
  public static Link slo(String name) {
    return new Link(name, "/slos/" + segment(name));
  }

  /** Returns the link to the debug page of a pipeline. */
  public static Link pipeline(String name) {
    return new Link(name, "/dashboards/debug/" + segment(name));
  }

  /** Returns the link to one run on the debug page of its pipeline. */
  public static Link run(String pipeline, String runId) {
    return new Link(
        runId, "/dashboards/debug/" + segment(pipeline) + "?run=" + segment(runId) + "#run");
  }

  /** Returns the link to an incident's page. */
  public static Link incident(String id, String title) {
    return new Link(title, "/incidents/" + segment(id));
  }

  /** Returns the link to a runbook. */
  public static Link runbook(String id, String title) {
    return new Link(title, "/runbooks/" + segment(id));
  }

  /** Returns the link to a runbook with the facts of an incident filled in. */
  public static Link runbookFor(String id, String title, String incidentId) {
    return new Link(title, "/runbooks/" + segment(id) + "?incident=" + segment(incidentId));
  }

  /** Returns {@code name} encoded as one segment of a path. */
  public static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
