package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.Sli.Budgeting;

/**
 * Finds what a definition says of silence, and of a handful of events, that cannot have the effect
 * its owner expects. Stateless.
 */
final class SilenceLint {
  private SilenceLint() {}

  /** Complains at the place of the setting. */
  static void check(YamlNode body, Sli sli, Roster roster) {
    if (roster.isDeclared() && !knowsMembers(sli)) {
      body.find("roster")
          .orElse(body)
          .error(
              "a roster tells who is silent with freshness, arrival, heartbeat, completeness, and"
                  + " ratio by timeslices or ratioTimeslices; "
                  + sli.kind()
                  + " counts what comes and cannot miss a member. Write an objective per member, or"
                  + " a heartbeat with this roster beside it");
    }
    if (ages(sli)) {
      contradicts(body, "silence lets the age grow, so it is bad in the end");
    } else if (roster.isDeclared()) {
      contradicts(body, "a silent member of the roster is bad");
    }
    if (sli.isSliced()) {
      body.find("alerting").ifPresent(SilenceLint::guardOfSlices);
    }
  }

  private static void contradicts(YamlNode body, String truth) {
    if (!body.text("noData").orElse("bad").equals("bad")) {
      body.find("noData").orElse(body).warn(truth + ", whatever noData says; leave it out");
    }
  }

  private static void guardOfSlices(YamlNode alerting) {
    for (String setting : new String[] {"minEvents", "confidence"}) {
      alerting
          .find(setting)
          .ifPresent(
              at ->
                  at.warn(
                      setting
                          + " guards counted events; here slices of time are counted, and it has no"
                          + " effect. Ask for 'coverage' in a condition instead"));
    }
  }

  private static boolean ages(Sli sli) {
    return sli instanceof Sli.Freshness
        || sli instanceof Sli.Arrival
        || sli instanceof Sli.Heartbeat;
  }

  private static boolean knowsMembers(Sli sli) {
    return ages(sli)
        || sli instanceof Sli.Completeness
        || (sli instanceof Sli.Ratio ratio
            && !(ratio.budgeting() instanceof Budgeting.Occurrences));
  }
}
