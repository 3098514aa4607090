package dev.tidemark.engine.cluster;

import dev.tidemark.engine.store.Documents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Servers, a ClickHouse and the lines between them, on a clock that a test drives: each server is
 * stepped every 500 ms of it and asks every second, as {@link Office} does. When a line breaks, a
 * server finds out after a time that is its own.
 */
final class SimulatedCluster {
  static final Duration STEP = Duration.ofMillis(500);

  /** A moment at which two led at once, which must never be. */
  record Overlap(Duration at, Set<String> leaders) {}

  /** ClickHouse as one server sees it. */
  private final class Line implements Documents {
    private final String server;

    private Line(String server) {
      this.server = server;
    }

    private void check() {
      if (clickHouseAway || cut.contains(Set.of(server, CLICKHOUSE))) {
        throw new IllegalStateException("ClickHouse does not answer");
      }
    }

    @Override
    public void putAll(Collection<Document> some) {
      check();
      if (lateWrites.remove(server)) {
        late.addAll(some);
        throw new IllegalStateException("ClickHouse did not answer in time");
      }
      store(some);
    }

    @Override
    public Optional<Document> get(String kind, String id) {
      check();
      return Optional.ofNullable(stored.get(kind + "/" + id));
    }

    @Override
    public List<Document> list(String kind, Collection<String> states, Instant since, int limit) {
      check();
      return stored.values().stream().filter(one -> one.kind().equals(kind)).toList();
    }

    @Override
    public List<Document> startingWith(String kind, String prefix, int limit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long count(String kind, String state) {
      throw new UnsupportedOperationException();
    }
  }

  /** One process. */
  final class Server implements Peers {
    final String node;
    private final String member;
    private Group group;
    private Words words =
        new Words() {
          @Override
          public boolean promises(Question question) {
            return false;
          }

          @Override
          public void promised(String from, long number) {}
        };
    final Candidacy candidacy;
    private boolean runs = true;
    private int others = 1;

    private Server(String node, String member) {
      this.node = node;
      this.member = member;
      this.group = new Group(member, Set.of(member), moment());
      this.candidacy =
          new Candidacy(
              node,
              "http://" + node,
              new Claims(
                  new Line(node),
                  Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC)),
              this,
              SimulatedCluster.this::moment,
              () -> {});
    }

    boolean tells() {
      return runs && candidacy.held(candidacy.term());
    }

    boolean leads() {
      return candidacy.term() != Candidacy.NONE;
    }

    @Override
    public String self() {
      return member;
    }

    @Override
    public Group group() {
      return group;
    }

    @Override
    public int others() {
      return others;
    }

    @Override
    public void ask(Question question) {
      for (Server other : servers) {
        if (other != this && other.runs && !cut.contains(Set.of(node, other.node))) {
          if (other.words.promises(question)) {
            words.promised(other.member, question.number());
          }
        }
      }
    }

    @Override
    public void listen(Words whom) {
      words = whom;
    }

    @Override
    public void close() {}

    /** The group tells this server who is there. */
    void sees(Server... all) {
      Set<String> members = new HashSet<>();
      for (Server one : all) {
        members.add(one.member);
      }
      group = new Group(all[0].member, members, moment());
    }
  }

  static final String CLICKHOUSE = "clickhouse";

  final List<Server> servers = new ArrayList<>();
  final Set<Set<String>> cut = new HashSet<>();
  final Set<String> lateWrites = new HashSet<>();
  private final List<Documents.Document> late = new ArrayList<>();
  private final Map<String, Documents.Document> stored = new TreeMap<>();
  private final Map<String, Integer> members = new HashMap<>();
  final List<Overlap> overlaps = new ArrayList<>();
  boolean clickHouseAway;
  private Duration passed = Duration.ofDays(3);
  private Duration asleep = Duration.ZERO;

  private Moment moment() {
    return new Moment(passed.toNanos(), passed.plus(asleep).toMillis());
  }

  private void store(Collection<Documents.Document> some) {
    for (Documents.Document one : some) {
      stored.merge(
          one.kind() + "/" + one.id(),
          one,
          (before, after) -> after.version() >= before.version() ? after : before);
    }
  }

  /** Starts a process; again with the same node is a restart. */
  Server start(String node) {
    Server server = new Server(node, node + "#" + members.merge(node, 1, Integer::sum));
    servers.removeIf(one -> one.node.equals(node));
    servers.add(server);
    servers.forEach(one -> one.others = servers.size() - 1);
    return server;
  }

  void cut(Server one, Server other) {
    cut.add(Set.of(one.node, other.node));
  }

  void cutFromClickHouse(Server one) {
    cut.add(Set.of(one.node, CLICKHOUSE));
  }

  void mend() {
    cut.clear();
    clickHouseAway = false;
  }

  /** {@code kill -9}, or a process that is stopped. */
  void stops(Server server) {
    server.runs = false;
  }

  void goesOn(Server server) {
    server.runs = true;
  }

  /** A standby says that it brought something. */
  void handOver(String node) {
    new Claims(new Line(node), Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC))
        .handOver(node);
  }

  /** Writes that were given up arrive. */
  void lateWritesArrive() {
    store(late);
    late.clear();
  }

  /** The machines sleep: no monotonic clock runs, the one on the wall does. */
  void sleeps(Duration time) {
    asleep = asleep.plus(time);
  }

  /** Lets time pass and notes when two tell at once. */
  void pass(Duration time) {
    Duration end = passed.plus(time);
    while (passed.compareTo(end) < 0) {
      passed = passed.plusMillis(50);
      for (Server server : servers) {
        if (server.runs && passed.toMillis() % Succession.ASKED_EVERY.toMillis() == 0) {
          server.candidacy.ask();
        }
        // Not all at the same moment.
        long offset = 150L * servers.indexOf(server);
        if (server.runs && (passed.toMillis() + offset) % STEP.toMillis() == 0) {
          step(server);
        }
        overlap();
      }
    }
  }

  private void overlap() {
    Set<String> tell = new HashSet<>();
    servers.stream().filter(Server::tells).forEach(one -> tell.add(one.node));
    if (tell.size() > 1) {
      overlaps.add(new Overlap(passed, tell));
    }
  }

  private static void step(Server server) {
    try {
      server.candidacy.step();
    } catch (IllegalStateException e) {
      // As Office does: the next step tries again.
    }
  }

  /** Two servers that see each other; the first one leads. */
  static SimulatedCluster ofTwo() {
    SimulatedCluster cluster = new SimulatedCluster();
    Server leader = cluster.start("a:1");
    Server follower = cluster.start("b:1");
    leader.sees(leader, follower);
    follower.sees(leader, follower);
    cluster.pass(Duration.ofSeconds(10));
    return cluster;
  }
}
