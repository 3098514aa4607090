package dev.tidemark.runbooks;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Links between runbooks: files beside each other in the repository, addresses on the server. */
final class RunbookLinks {
  private static final Pattern NEIGHBOUR = Pattern.compile("(?:\\./)?([a-z0-9-]+)\\.md(#.*)?");

  private RunbookLinks() {}

  /** Returns the id of the runbook a link leads to, if it leads to one. */
  static Optional<String> target(String destination) {
    Matcher matcher = NEIGHBOUR.matcher(destination);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Returns where the link leads on the server. */
  static String address(String destination) {
    return target(destination).map(id -> "/runbooks/" + id).orElse(destination);
  }
}
