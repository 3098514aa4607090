package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The time intervals of an {@code alertmanager.yml}: same fields, our spelling. */
final class AlertmanagerTimes {
  private final Output output;

  AlertmanagerTimes(Output output) {
    this.output = output;
  }

  void read(YamlNode interval) {
    int told = output.mark();
    Losses.others(interval, Set.of("name", "time_intervals"));
    Optional<String> name = interval.required("name");
    List<Object> intervals = new ArrayList<>();
    interval.elements("time_intervals").forEach(one -> intervals.add(one(one)));
    if (name.isEmpty()) {
      output.lost(told);
      return;
    }
    output.write(told, Output.ours("TimeInterval", name.get(), Map.of("intervals", intervals)));
  }

  private static Map<String, Object> one(YamlNode theirs) {
    Losses.others(
        theirs, Set.of("times", "weekdays", "days_of_month", "months", "years", "location"));
    Map<String, Object> ours = new LinkedHashMap<>();
    List<Object> times = new ArrayList<>();
    for (YamlNode time : theirs.elements("times")) {
      Losses.others(time, Set.of("start_time", "end_time"));
      Map<String, Object> range = new LinkedHashMap<>();
      time.required("start_time").ifPresent(from -> range.put("from", from));
      time.required("end_time").ifPresent(to -> range.put("to", to));
      times.add(range);
    }
    if (!times.isEmpty()) {
      ours.put("times", times);
    }
    AlertmanagerImporter.list(theirs, "weekdays", "weekdays", ours);
    AlertmanagerImporter.list(theirs, "days_of_month", "daysOfMonth", ours);
    AlertmanagerImporter.list(theirs, "months", "months", ours);
    AlertmanagerImporter.list(theirs, "years", "years", ours);
    Optional<String> location = theirs.text("location");
    if (location.filter("Local"::equals).isPresent()) {
      theirs
          .find("location")
          .orElse(theirs)
          .warn("'Local' is the zone of Alertmanager's machine: UTC is taken, write its name");
    } else {
      location.ifPresent(zone -> ours.put("location", zone));
    }
    return ours;
  }
}
