package dev.tidemark.alerting.route;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One reading of all documents: collects every problem instead of stopping at the first. */
final class DocumentsReading {
  private final SecretResolver secrets;
  private final List<RouteParser.Document> documents;
  private final Known known;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, ScheduleReading> schedules = new LinkedHashMap<>();
  private final List<Inhibition> inhibitions = new ArrayList<>();

  DocumentsReading(SecretResolver secrets, List<RouteParser.Document> documents) {
    this.secrets = secrets;
    this.documents = unique(documents);
    this.known = new Known(this.documents);
  }

  private List<RouteParser.Document> unique(List<RouteParser.Document> all) {
    Map<String, RouteParser.Document> first = new LinkedHashMap<>();
    for (RouteParser.Document document : all) {
      if (first.putIfAbsent(document.kind() + "/" + document.name(), document) != null) {
        problems.add(
            document.place()
                + ": a "
                + document.kind()
                + " named '"
                + document.name()
                + "' exists already; rename one of them");
      }
    }
    return new ArrayList<>(first.values());
  }

  RouteParser.Result read() {
    documents.forEach(this::readNamed);
    refuseCircles();
    for (RouteParser.Document document : documents) {
      if (document.kind().equals("Escalation")) {
        var read =
            new EscalationReading(known).read(document.name(), document.fields(problems), problems);
        if (read != null) {
          known.escalations.put(document.name(), read);
        }
      }
    }
    Route root = new RouteReading(known, problems).read(documents);
    for (String told : known.told) {
      ScheduleReading schedule = schedules.get(told);
      if (schedule != null) {
        schedule.membersAreReceivers(known, warnings);
      }
    }
    Map<String, Receiver> receivers = new HashMap<>(Routes.console().receivers());
    receivers.putAll(known.receivers);
    return new RouteParser.Result(
        new Routes(root, receivers, known.schedules, known.escalations, inhibitions),
        problems,
        warnings);
  }

  /** Each circle of receivers that stand in for each other once, at the first of them. */
  private void refuseCircles() {
    Set<String> looked = new HashSet<>();
    for (RouteParser.Document document : documents) {
      List<String> chain = new ArrayList<>();
      String next = document.kind().equals("Receiver") ? document.name() : null;
      while (next != null && looked.add(next)) {
        chain.add(next);
        Receiver receiver = known.receivers.get(next);
        Receiver.Fallback fallback = receiver == null ? null : receiver.fallback();
        next = fallback == null ? null : fallback.receiver();
      }
      if (next != null && chain.contains(next)) {
        List<String> circle = new ArrayList<>(chain.subList(chain.indexOf(next), chain.size()));
        circle.add(next);
        fallbackField(next)
            .problem(
                "receiver",
                "the receivers stand in for each other in a circle, "
                    + String.join(" → ", circle)
                    + "; let the last of them name another one or none");
      }
    }
  }

  private Fields fallbackField(String receiver) {
    return documents.stream()
        .filter(one -> one.kind().equals("Receiver") && one.name().equals(receiver))
        .findFirst()
        .map(one -> Objects.requireNonNull(one.fields(problems).child("fallback")))
        .orElseThrow();
  }

  /** What names nothing that is defined elsewhere. */
  private void readNamed(RouteParser.Document document) {
    Fields fields = document.fields(problems);
    int before = problems.size();
    switch (document.kind()) {
      case "Receiver" -> {
        Receiver receiver = new ReceiverReading(secrets, known).read(document.name(), fields);
        if (receiver != null) {
          known.receivers.put(receiver.name(), receiver);
        }
      }
      case "TimeInterval" -> {
        TimeInterval interval = TimeIntervalReading.read(document.name(), fields);
        if (problems.size() == before) {
          known.intervals.put(interval.name(), interval);
        }
      }
      case "Schedule" -> {
        ScheduleReading reading = new ScheduleReading(document.name(), fields, file(document));
        var schedule = reading.read(problems);
        if (schedule != null) {
          known.schedules.put(schedule.name(), schedule);
          schedules.put(schedule.name(), reading);
        }
      }
      case "Inhibition" -> {
        Inhibition inhibition = InhibitionReading.read(document.name(), fields);
        if (problems.size() == before) {
          inhibitions.add(inhibition);
        }
      }
      case "Route", "Escalation" -> {
        // Read when everything that they name is known.
      }
      default ->
          problems.add(
              document.place()
                  + ": kind '"
                  + document.kind()
                  + "' is not read here"
                  + Suggestion.of(document.kind(), RouteParser.KINDS));
    }
  }

  private static Path file(RouteParser.Document document) {
    String place = document.place();
    int column = place.lastIndexOf(':');
    int line = place.lastIndexOf(':', Math.max(0, column - 1));
    return Path.of(line > 0 ? place.substring(0, line) : place);
  }
}
