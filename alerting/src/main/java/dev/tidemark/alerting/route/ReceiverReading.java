package dev.tidemark.alerting.route;

import dev.tidemark.alerting.notify.text.TemplateText;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one receiver. */
final class ReceiverReading {
  /** What each channel may say. */
  static final Map<String, Set<String>> CHANNELS = channels();

  /** The fields besides the channel. */
  static final Set<String> COMMON =
      Set.of("sendResolved", "allowPrivate", "templates", "fallback", "digestAbove");

  /** The parts of {@code templates}. */
  static final Set<String> TEMPLATES = Set.of("title", "body");

  /** The parts of {@code fallback}. */
  static final Set<String> FALLBACK = Set.of("receiver", "after");

  /** Channels whose texts people may want to write themselves. */
  private static final Set<String> WITH_TEXTS =
      Set.of("webhook", "slack", "teams", "email", "opsgenie", "jira", "github", "servicenow");

  private static final int MOST_SINGLE = 10_000;
  private static final Duration FALLBACK_AFTER = Duration.ofMinutes(10);

  private final SecretResolver secrets;
  private final Known known;

  ReceiverReading(SecretResolver secrets, Known known) {
    this.secrets = secrets;
    this.known = known;
  }

  private static Map<String, Set<String>> channels() {
    Map<String, Set<String>> channels = new TreeMap<>(MessageReading.FIELDS);
    channels.putAll(TicketReading.FIELDS);
    return Map.copyOf(channels);
  }

  @Nullable Receiver read(String name, Fields fields) {
    Set<String> possible = new HashSet<>(CHANNELS.keySet());
    possible.addAll(COMMON);
    fields.onlyKnown(possible, Map.of());
    List<String> used = CHANNELS.keySet().stream().filter(fields::has).sorted().toList();
    if (used.size() != 1) {
      fields.problem(
          "",
          "a receiver has exactly one of "
              + String.join(", ", CHANNELS.keySet().stream().sorted().toList())
              + "; this one has "
              + (used.isEmpty() ? "none" : String.join(", ", used)));
      return null;
    }
    String kind = used.get(0);
    Fields body = fields.child(kind);
    boolean sendResolved = fields.flag("sendResolved", true);
    boolean allowPrivate = fields.flag("allowPrivate", true);
    Receiver.Templates templates = templates(kind, fields);
    if (body == null) {
      return null;
    }
    Set<String> takes = CHANNELS.getOrDefault(kind, Set.of());
    body.onlyKnown(takes, Map.of());
    ChannelFields channelFields = new ChannelFields(body, secrets, takes);
    Receiver.Channel channel =
        TicketReading.FIELDS.containsKey(kind)
            ? new TicketReading(channelFields).read(kind)
            : new MessageReading(channelFields).read(kind);
    if (channel == null || templates == null) {
      return null;
    }
    int digestAbove =
        fields.whole("digestAbove", Receiver.usualDigestAbove(channel), 0, MOST_SINGLE);
    if (digestAbove > 0 && channel instanceof Receiver.Alertmanager) {
      fields.problem(
          "digestAbove",
          "another Alertmanager groups by itself and is sent every alert; remove it");
    }
    return new Receiver(
        name, channel, sendResolved, allowPrivate, templates, fallback(name, fields), digestAbove);
  }

  /** Null without one, and when something is wrong with it. */
  private Receiver.@Nullable Fallback fallback(String name, Fields fields) {
    Fields written = fields.child("fallback");
    if (written == null) {
      return null;
    }
    written.onlyKnown(FALLBACK, Map.of());
    String other = written.text("receiver");
    Duration after = written.duration("after", FALLBACK_AFTER);
    if (other == null) {
      written.problem("receiver", "say which receiver is told instead");
      return null;
    }
    if (other.equals(name)) {
      written.problem("receiver", "a receiver cannot stand in for itself; name another one");
      return null;
    }
    return known.found("Receiver", other, written, "receiver")
        ? new Receiver.Fallback(other, after)
        : null;
  }

  /** Null when something is wrong with them. */
  private static Receiver.@Nullable Templates templates(String kind, Fields fields) {
    Fields written = fields.child("templates");
    if (written == null) {
      return fields.has("templates") ? null : Receiver.Templates.NONE;
    }
    if (!WITH_TEXTS.contains(kind)) {
      fields.problem(
          "templates",
          "a receiver of the kind "
              + kind
              + " has no texts of its own; templates are for "
              + String.join(", ", WITH_TEXTS.stream().sorted().toList()));
      return null;
    }
    written.onlyKnown(TEMPLATES, Map.of());
    boolean title = check(written, "title");
    boolean body = check(written, "body");
    return title && body
        ? new Receiver.Templates(written.text("title"), written.text("body"))
        : null;
  }

  private static boolean check(Fields written, String field) {
    String template = written.text(field);
    List<String> problems = template == null ? List.of() : TemplateText.problems(template);
    problems.forEach(problem -> written.problem(field, problem));
    return problems.isEmpty();
  }
}
