package dev.tidemark.engine.server;

import dev.tidemark.engine.server.Access.Scope;
import dev.tidemark.engine.server.Access.Token;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Reads {@code tokens} of {@code tidemark.yaml}. Stateless. */
final class TokensSection {
  private static final Set<String> KEYS = Set.of("name", "secret", "scopes");

  private TokensSection() {}

  static List<Token> read(SettingsNode root) throws StartupException {
    List<Token> tokens = new ArrayList<>();
    int count = root.list("tokens").size();
    for (int i = 0; i < count; i++) {
      SettingsNode entry = root.element("tokens", i, KEYS);
      Set<Scope> scopes = EnumSet.noneOf(Scope.class);
      try {
        for (Object scope : entry.list("scopes")) {
          scopes.add(Scope.parse(scope.toString()));
        }
        tokens.add(new Token(entry.text("name", "token " + i), entry.text("secret", ""), scopes));
      } catch (IllegalArgumentException e) {
        throw entry.problem(e.getMessage());
      }
    }
    return tokens;
  }
}
