package dev.tidemark.engine.definition;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Warns of selectors that are written well and can say nothing. Stateless. */
final class SelectorLint {
  private static final Set<String> WILDCARDS = Set.of("*", ".*", ".+");

  private SelectorLint() {}

  /** Warns of attributes that no series can have. */
  static void selector(YamlNode attributes) {
    Set<String> seen = new HashSet<>();
    for (String key : attributes.keys()) {
      YamlNode at = attributes.find(key).orElse(attributes);
      List<String> wanted = attributes.oneOrMore(key);
      if (!seen.add(key)) {
        at.warn(
            "'"
                + key
                + "' is asked for twice, and nothing has two values of it: only the first counts;"
                + " write a list, such as "
                + key
                + ": [a, b]");
      } else if (wanted.isEmpty()) {
        at.warn("'" + key + "' has no value here, so nothing can match; leave it out for any");
      } else if (wanted.stream().anyMatch(WILDCARDS::contains)) {
        at.warn("values are compared as they are, so this matches nothing; leave it out for any");
      }
    }
  }

  /** Warns of a share that is all of the total, none of it, or not a part of it. */
  static void ratio(YamlNode at, Selector share, Selector total) {
    if (share.equals(total)) {
      at.warn("the share and 'total' select the same events, so the ratio never changes");
      return;
    }
    if (!share.metric().equals(total.metric())) {
      return;
    }
    for (Map.Entry<String, Set<String>> wanted : total.attributes().entrySet()) {
      Set<String> own = share.attributes().get(wanted.getKey());
      if (own != null && own.stream().noneMatch(wanted.getValue()::contains)) {
        at.warn(
            "the share and 'total' have no '"
                + wanted.getKey()
                + "' in common, so no event of the share is one of the total");
        return;
      }
      if (own == null || !wanted.getValue().containsAll(own)) {
        at.warn("the share selects events that 'total' does not, so it can exceed the total");
        return;
      }
    }
  }
}
