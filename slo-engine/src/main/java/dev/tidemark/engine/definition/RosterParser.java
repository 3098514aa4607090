package dev.tidemark.engine.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads {@code roster}: names, and for {@code arrival} members with deadlines of their own, which
 * are maps with a {@code name}. Stateless.
 */
final class RosterParser {
  private RosterParser() {}

  /** Reads it, or returns nobody after complaints. */
  static Roster read(YamlNode body, String kind) {
    Optional<YamlNode> roster = body.find("roster");
    if (roster.isEmpty()) {
      return Roster.NONE;
    }
    roster.get().onlyKnows(Set.of("attribute", "members"));
    Optional<String> attribute = roster.get().required("attribute");
    List<String> members = new ArrayList<>();
    List<YamlNode> elements = roster.get().elements("members");
    for (YamlNode member : elements) {
      member(member, kind)
          .ifPresent(
              name -> {
                if (members.contains(name)) {
                  member.error("the member '" + name + "' stands here twice");
                }
                members.add(name);
              });
    }
    if (attribute.isEmpty() || elements.isEmpty()) {
      roster.get().error("a roster needs 'attribute' and 'members', such as [eu, us]");
    }
    return attribute.isEmpty() || members.isEmpty()
        ? Roster.NONE
        : new Roster(attribute.get(), members);
  }

  private static Optional<String> member(YamlNode member, String kind) {
    if (member.isMap()) {
      if (!kind.equals("arrival")) {
        member.error(
            "members of a roster are names, such as [eu, us]; only those of arrival have settings"
                + " of their own");
        return Optional.empty();
      }
      Set<String> known = new TreeSet<>(ArrivalParser.KEYS);
      known.addAll(Set.of("name", "timeZone"));
      member.onlyKnows(known);
      return member.required("name");
    }
    if (member.value().isEmpty()) {
      member.error("members holds single values only");
      return Optional.empty();
    }
    return Optional.of(member.value());
  }
}
