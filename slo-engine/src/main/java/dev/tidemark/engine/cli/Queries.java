package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands that ask a running server. */
final class Queries {
  private Queries() {}

  private static String volume(String word) {
    return switch (word) {
      case "expected" -> "the events expected in the window";
      case "seen" -> "the events seen so far";
      default -> "the window's time";
    };
  }

  /** The interval in which the budget is used up, short; a dash when nothing uses it up. */
  private static String lastsUntil(JsonNode slo) {
    if (isUsedUp(slo)) {
      return "used up";
    }
    JsonNode exhausted = slo.path("budgetExhausted");
    if (!exhausted.hasNonNull("earliest")) {
      return "–";
    }
    String earliest = minute(exhausted.path("earliest"));
    if (!exhausted.hasNonNull("latest")) {
      return earliest + " or longer";
    }
    String latest = minute(exhausted.path("latest"));
    return earliest.equals(latest) ? earliest : earliest + " to " + latest;
  }

  /** The same in words. */
  private static String forecast(JsonNode slo) {
    if (isUsedUp(slo)) {
      return "used up already";
    }
    JsonNode exhausted = slo.path("budgetExhausted");
    if (!exhausted.hasNonNull("earliest")) {
      return "nothing uses it up at the rates of late";
    }
    String words = lastsUntil(slo) + " (UTC";
    return exhausted.hasNonNull("latest")
        ? words + "; as in the fastest and the slowest of the look-backs)"
        : words + "; as in the fastest look-back, the slowest does not use it up)";
  }

  /** Too little was measured for a number that anybody should rely on. */
  private static boolean isUnknown(JsonNode slo) {
    return !slo.path("budgetKnown").asBoolean(true);
  }

  private static String ifKnown(JsonNode slo, String number) {
    return isUnknown(slo) ? "unknown" : number;
  }

  private static boolean isUsedUp(JsonNode slo) {
    return slo.path("budgetLeftRatio").isNumber() && slo.path("budgetLeftRatio").asDouble() <= 0;
  }

  private static String minute(JsonNode moment) {
    return Instant.parse(moment.asText())
        .truncatedTo(ChronoUnit.MINUTES)
        .toString()
        .replace('T', ' ')
        .replace(":00Z", "");
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "All objectives with their budgets; exit 1 if one fires or is used up.")
  static final class Status extends QueryCommand {
    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.get("/api/v1/slos");
    }

    @Override
    void print(JsonNode answer, PrintWriter out) {
      Table table =
          new Table(
              "OBJECTIVE",
              "STATE",
              "SLI",
              "TARGET",
              "WINDOW",
              "BUDGET LEFT",
              "IN WORDS",
              "LASTS UNTIL (UTC)",
              "KNOWN",
              "SILENCE",
              "OWNER");
      for (JsonNode slo : answer.path("slos")) {
        table.row(
            slo.path("name").asText(),
            slo.path("state").asText(),
            ifKnown(slo, percent(slo.path("sliRatio"))),
            slo.path("target").asText(),
            slo.path("window").asText(),
            ifKnown(slo, percent(slo.path("budgetLeftRatio"))),
            isUnknown(slo) ? "too little measured" : slo.path("budgetLeftText").asText(),
            lastsUntil(slo),
            percent(slo.path("coverageRatio")),
            slo.path("noData").asText(),
            slo.path("owner").asText());
      }
      table.print(
          out,
          "Nothing is promised yet. Write objectives into the folder that --definitions of 'serve'"
              + " names; 'tidemark validate' checks them.");
    }

    @Override
    int exitCode(JsonNode answer) {
      for (JsonNode slo : answer.path("slos")) {
        String state = slo.path("state").asText();
        if (state.equals("burning") || state.equals("breached")) {
          return 1;
        }
      }
      return 0;
    }
  }

  @Command(
      name = "slo",
      mixinStandardHelpOptions = true,
      description = "One objective: budget, burn rates, conditions.")
  static final class Slo extends QueryCommand {
    @Parameters(paramLabel = "NAME", description = "The objective's name, as 'status' lists it.")
    private String name = "";

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.get("/api/v1/slos/" + ServerClient.segment(name));
    }

    @Override
    void print(JsonNode slo, PrintWriter out) {
      out.println(slo.path("displayName").asText() + " (" + slo.path("name").asText() + ")");
      out.println("state        " + slo.path("state").asText());
      out.println(
          "SLI          "
              + ifKnown(slo, percent(slo.path("sliRatio")))
              + " against "
              + slo.path("target").asText()
              + " in "
              + slo.path("window").asText());
      out.println(
          "budget left  "
              + ifKnown(slo, percent(slo.path("budgetLeftRatio")))
              + "  "
              + (isUnknown(slo) ? "too little measured" : slo.path("budgetLeftText").asText()));
      out.println("lasts until  " + forecast(slo));
      out.println("budget of    " + volume(slo.path("budgetVolume").asText()));
      out.println(
          "known        "
              + percent(slo.path("coverageRatio"))
              + " of the window has data, "
              + percent(slo.path("watchedRatio"))
              + " was watched; silence: "
              + slo.path("noData").asText());
      for (Map.Entry<String, JsonNode> rate : slo.path("burnRates").properties()) {
        out.println("burn " + rate.getKey() + "  " + rate.getValue().asText());
      }
      out.println("defined at   " + slo.path("place").asText());
      out.flush();
    }
  }

  @Command(
      name = "gate",
      mixinStandardHelpOptions = true,
      description = "May a risky deploy go? Exit 0 if the budget allows it, 1 if not.")
  static final class Gate extends QueryCommand {
    @Parameters(paramLabel = "SERVICE-OR-SLO", description = "An objective, dataset or pipeline.")
    private String name = "";

    @Override
    JsonNode ask(ServerClient server) throws ServerClient.Refused {
      return server.get("/api/v1/gates/" + ServerClient.segment(name));
    }

    @Override
    void print(JsonNode gate, PrintWriter out) {
      out.println(
          (gate.path("open").asBoolean() ? "open: " : "closed: ") + gate.path("reason").asText());
      if (gate.hasNonNull("until")) {
        out.println(
            "opens again at "
                + Instant.parse(gate.path("until").asText()).truncatedTo(ChronoUnit.SECONDS)
                + " if nothing more goes bad");
      }
      out.flush();
    }

    @Override
    int exitCode(JsonNode gate) {
      return gate.path("open").asBoolean() ? 0 : 1;
    }
  }
}
