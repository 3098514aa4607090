package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.Selector;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A share of a total, said with selectors that know no negative matchers: what is not bad is good,
 * so {@code m{code!~"5.."}} out of {@code m} is {@code m{code=~"5.."}} with good and bad changed.
 *
 * @param share good or bad events
 * @param isBad whether the share is the bad one
 * @param total all events
 */
record PromRatio(Selector share, boolean isBad, Selector total) {

  /**
   * Puts a share and its total together.
   *
   * @throws Refused when a negative matcher stays
   */
  static PromRatio of(PromQuery share, boolean isBad, PromQuery total) throws Refused {
    if (!total.excluded().isEmpty()) {
      throw new Refused(
          "a negative matcher of the total ("
              + String.join(", ", total.excluded().keySet())
              + ") cannot be carried");
    }
    if (share.excluded().isEmpty()) {
      return new PromRatio(share.selector(), isBad, total.selector());
    }
    String label = share.excluded().keySet().iterator().next();
    if (share.excluded().size() > 1
        || !share.metric().equals(total.metric())
        || !share.attributes().equals(total.attributes())
        || total.attributes().containsKey(label)) {
      throw new Refused(
          "a negative matcher ("
              + label
              + ") can only be carried when it is all that tells the share from the total");
    }
    Map<String, Set<String>> others = new HashMap<>(total.attributes());
    others.put(label, share.excluded().getOrDefault(label, Set.of()));
    return new PromRatio(new Selector(total.metric(), others), !isBad, total.selector());
  }

  /**
   * Puts good and bad events together; they have to be two parts of one metric.
   *
   * @throws Refused when no single selector holds both
   */
  static PromRatio ofParts(PromQuery good, PromQuery bad) throws Refused {
    Set<String> labels = new HashSet<>(good.attributes().keySet());
    labels.addAll(bad.attributes().keySet());
    labels.addAll(good.excluded().keySet());
    labels.addAll(bad.excluded().keySet());
    labels.removeIf(
        label ->
            good.attributes()
                    .getOrDefault(label, Set.of())
                    .equals(bad.attributes().getOrDefault(label, Set.of()))
                && !good.excluded().containsKey(label)
                && !bad.excluded().containsKey(label));
    if (!good.metric().equals(bad.metric()) || labels.size() != 1) {
      throw new Refused(
          "good and bad events that are not told apart by one label have no total here; give"
              + " filter_valid");
    }
    String label = labels.iterator().next();
    Map<String, Set<String>> whole = new HashMap<>(good.attributes());
    whole.remove(label);
    Set<String> goodWords = good.attributes().getOrDefault(label, Set.of());
    Set<String> badWords = bad.attributes().getOrDefault(label, Set.of());
    if (!goodWords.isEmpty() && !badWords.isEmpty()) {
      Set<String> both = new LinkedHashSet<>(goodWords);
      both.addAll(badWords);
      if (both.size() < goodWords.size() + badWords.size()) {
        throw new Refused("good and bad events overlap in " + label + "; give filter_valid");
      }
      whole.put(label, both);
      return new PromRatio(good.selector(), false, new Selector(good.metric(), whole));
    }
    if (badWords.isEmpty()
        && !goodWords.isEmpty()
        && goodWords.equals(bad.excluded().getOrDefault(label, Set.of()))) {
      return new PromRatio(good.selector(), false, new Selector(good.metric(), whole));
    }
    if (!badWords.isEmpty() && badWords.equals(good.excluded().getOrDefault(label, Set.of()))) {
      return new PromRatio(bad.selector(), true, new Selector(good.metric(), whole));
    }
    throw new Refused("good and bad events do not add up to all of one metric; give filter_valid");
  }
}
