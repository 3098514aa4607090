package dev.tidemark.engine;

/** Definitions of who is told, to stand behind those of what is promised. */
public final class Told {
  /** Everything is said to the console, a second after it is known. */
  public static final String ON_TERMINAL = everythingTo("terminal", "console: {}", "groupWait: 1s");

  private Told() {}

  /**
   * Tells everything to one receiver.
   *
   * @param receiver its name
   * @param channel such as {@code webhook: {url: "http://127.0.0.1:8081/page"}}
   */
  public static String everythingTo(String receiver, String channel) {
    return documents(receiver, channel, "receiver: " + receiver);
  }

  /**
   * The same with other times.
   *
   * @param timing of the route, such as {@code groupWait: 1s}
   */
  public static String everythingTo(String receiver, String channel, String timing) {
    return documents(receiver, channel, "receiver: " + receiver + ", " + timing);
  }

  private static String documents(String receiver, String channel, String route) {
    return """
    ---
    apiVersion: tidemark/v1
    kind: Receiver
    metadata: {name: %s}
    spec: {%s}
    ---
    apiVersion: tidemark/v1
    kind: Route
    metadata: {name: everything}
    spec: {%s}
    """
        .formatted(receiver, channel, route);
  }
}
