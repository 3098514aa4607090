package dev.tidemark.alerting.route;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the channels that keep a ticket. */
final class TicketReading {
  static final Map<String, Set<String>> FIELDS =
      Map.of(
          "jira",
              Set.of(
                  "url",
                  "deployment",
                  "username",
                  "token",
                  "project",
                  "issueType",
                  "priority",
                  "labels",
                  "closeTransition",
                  "reopenTransition",
                  "timeout"),
          "github", Set.of("url", "repository", "token", "labels", "assignees", "timeout"),
          "servicenow",
              Set.of(
                  "url",
                  "username",
                  "password",
                  "token",
                  "assignmentGroup",
                  "caller",
                  "category",
                  "closeCode",
                  "timeout"));

  private static final Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9-]+/[A-Za-z0-9._-]+");
  private static final Pattern PROJECT = Pattern.compile("[A-Z][A-Z0-9_]+");

  private final ChannelFields channel;
  private final Fields fields;

  TicketReading(ChannelFields channel) {
    this.channel = channel;
    this.fields = channel.fields;
  }

  Receiver.@Nullable Channel read(String kind) {
    return switch (kind) {
      case "jira" -> jira();
      case "github" -> github();
      default -> serviceNow();
    };
  }

  private Receiver.@Nullable Channel jira() {
    String url = channel.requiredUrl("url", "https://example.atlassian.net");
    String deployment = fields.text("deployment");
    if (deployment != null && !deployment.equals("cloud") && !deployment.equals("datacenter")) {
      fields.problem("deployment", "must be cloud or datacenter, is '" + deployment + "'");
    }
    boolean cloud = deployment == null ? onAtlassian(url) : deployment.equals("cloud");
    String username = fields.text("username");
    Secret token = channel.requiredSecret("token", "${JIRA_TOKEN}");
    if (cloud && username == null) {
      fields.problem("username", "is missing; Jira Cloud wants the e-mail address of the token");
    }
    String project = fields.required("project", "DATA");
    if (!project.isEmpty() && !PROJECT.matcher(project).matches()) {
      fields.problem("project", "must be a project's key, such as DATA, is '" + project + "'");
      return null;
    }
    List<String> labels = fields.texts("labels");
    labels.stream()
        .filter(label -> label.contains(" "))
        .forEach(label -> fields.problem("labels", "'" + label + "' has a space; Jira has none"));
    String type = fields.text("issueType");
    Duration timeout = channel.timeout();
    return url.isEmpty() || token == null || project.isEmpty()
        ? null
        : new Receiver.Jira(
            url,
            cloud,
            username,
            token,
            project,
            type == null ? "Task" : type,
            fields.text("priority"),
            labels,
            fields.text("closeTransition"),
            fields.text("reopenTransition"),
            timeout);
  }

  private static boolean onAtlassian(String url) {
    if (url.isEmpty()) {
      return false;
    }
    return String.valueOf(URI.create(url).getHost())
        .toLowerCase(Locale.ROOT)
        .endsWith(".atlassian.net");
  }

  private Receiver.@Nullable Channel github() {
    String url = channel.url("url", "https://api.github.com");
    String repository = fields.required("repository", "example/data");
    if (!repository.isEmpty() && !REPOSITORY.matcher(repository).matches()) {
      fields.problem("repository", "must be owner/name, is '" + repository + "'");
      return null;
    }
    Secret token = channel.requiredSecret("token", "${GITHUB_TOKEN}");
    List<String> labels = fields.texts("labels");
    List<String> assignees = fields.texts("assignees");
    Duration timeout = channel.timeout();
    return url.isEmpty() || repository.isEmpty() || token == null
        ? null
        : new Receiver.Github(url, repository, token, labels, assignees, timeout);
  }

  private Receiver.@Nullable Channel serviceNow() {
    String url = channel.requiredUrl("url", "https://example.service-now.com");
    String username = fields.text("username");
    boolean byToken = fields.has("token");
    if (byToken && (username != null || fields.has("password"))) {
      fields.problem("", "give either token, or username and password");
      return null;
    }
    if (!byToken && username == null) {
      fields.problem("username", "is missing; give username and password, or token");
    }
    Secret password =
        byToken
            ? channel.requiredSecret("token", "${SERVICENOW_TOKEN}")
            : channel.requiredSecret("password", "${SERVICENOW_PASSWORD}");
    String code = fields.text("closeCode");
    Duration timeout = channel.timeout();
    return url.isEmpty() || password == null || (!byToken && username == null)
        ? null
        : new Receiver.ServiceNow(
            url,
            username,
            password,
            fields.text("assignmentGroup"),
            fields.text("caller"),
            fields.text("category"),
            code == null ? "Solution provided" : code,
            timeout);
  }
}
