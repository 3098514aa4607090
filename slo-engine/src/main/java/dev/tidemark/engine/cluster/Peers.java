package dev.tidemark.engine.cluster;

import java.util.Set;

/**
 * The other servers, as this one reaches them without ClickHouse. Thread-safe; nothing here waits
 * for another server.
 */
interface Peers extends AutoCloseable {
  /**
   * Who is there.
   *
   * @param first the member that is there for the longest time
   * @param members all of them, this one included
   * @param since the last change
   */
  record Group(String first, Set<String> members, Moment since) {}

  /**
   * A leader's question whether another server leaves it its office for {@link
   * Succession#UNRENEWED} from the answer on.
   *
   * @param number tells its answers from those to earlier ones
   * @param epoch of the leader's claim
   * @param node where the leader listens
   */
  record Question(long number, long epoch, String node) {}

  /** What this server answers, and what it does with answers. Thread-safe; must not block. */
  interface Words {
    /** Whether this server gives its word; who does keeps it. */
    boolean promises(Question question);

    /** Another member gave its word. */
    void promised(String member, long number);
  }

  /** Which member this process is; another one after a restart. */
  String self();

  /** Who is there now. */
  Group group();

  /** Of how many other servers the settings know. */
  int others();

  /** Asks every other member; answers come to the {@link Words}, late, or never. */
  void ask(Question question);

  /** Whom questions and answers reach from now on. */
  void listen(Words words);

  /** Leaves the group; the others know at once. */
  @Override
  void close();
}
