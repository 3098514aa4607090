package dev.tidemark.alerting.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads one inhibition, and matchers wherever they stand. */
final class InhibitionReading {
  static final Set<String> FIELDS = Set.of("sourceMatchers", "targetMatchers", "equal");

  private InhibitionReading() {}

  static Inhibition read(String name, Fields fields) {
    fields.onlyKnown(FIELDS, Map.of());
    for (String field : List.of("sourceMatchers", "targetMatchers")) {
      if (fields.texts(field).isEmpty()) {
        fields.problem(
            field,
            "is missing, and would be every alert; write " + field + ": ['severity=\"page\"']");
      }
    }
    return new Inhibition(
        name,
        matchers(fields, "sourceMatchers"),
        matchers(fields, "targetMatchers"),
        fields.texts("equal"));
  }

  static List<Matcher> matchers(Fields fields, String field) {
    List<Matcher> matchers = new ArrayList<>();
    for (String text : fields.texts(field)) {
      try {
        matchers.add(Matcher.parse(text));
      } catch (IllegalArgumentException e) {
        fields.problem(field, String.valueOf(e.getMessage()));
      }
    }
    return matchers;
  }
}
