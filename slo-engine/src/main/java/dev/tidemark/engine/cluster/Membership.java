package dev.tidemark.engine.cluster;

import dev.tidemark.engine.cluster.ClusterSettings.Place;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.SYM_ENCRYPT;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;
import org.jgroups.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group of servers as JGroups sees it: over TCP to the places that the settings name, one port,
 * no multicast. A process that dies is gone as soon as its connection breaks, one that hangs after
 * some ten seconds. Beside its own messages only a leader's questions and the answers go through
 * it. Thread-safe.
 */
final class Membership implements Peers {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final String GROUP = "tidemark";
  private static final String QUESTION = "may-i-go-on";
  private static final String PROMISE = "go-on";
  private static final long HEARTBEAT_MILLIS = 2_000;
  private static final long SUSPECT_AFTER_MILLIS = 8_000;
  private static final long JOIN_MILLIS = 2_000;
  private static final int JOIN_ATTEMPTS = 3;
  private static final int IV_BYTES = 16;

  private final JChannel channel;
  private final int others;
  private volatile Group group = new Group("", Set.of(), Moment.now());
  private volatile @Nullable Words words;

  /**
   * Joins the group, or begins it.
   *
   * @throws ClusterException when the port cannot be had
   */
  Membership(ClusterSettings settings) throws ClusterException {
    others = others(settings);
    try {
      channel = new JChannel(protocols(settings));
      channel.setName(settings.listen().toString());
      channel.setReceiver(
          new Receiver() {
            @Override
            public void viewAccepted(View view) {
              changed(view);
            }

            @Override
            public void receive(Message message) {
              heard(message);
            }
          });
      channel.connect(GROUP);
    } catch (Exception e) {
      throw new ClusterException(
          "cluster.listen " + settings.listen() + " cannot be had (" + reason(e) + ")", e);
    }
  }

  private static String reason(Throwable e) {
    Throwable last = e;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return last.getMessage() == null ? last.toString() : last.getMessage();
  }

  private static List<Protocol> protocols(ClusterSettings settings) throws Exception {
    TCP tcp = new TCP();
    tcp.setBindAddress(InetAddress.getByName(settings.listen().host()));
    tcp.setBindPort(settings.listen().port());
    tcp.setPortRange(0);
    tcp.setSockConnTimeout(1_000);
    // A broken connection is looked into at once, without waiting for missing heartbeats.
    tcp.enableSuspectEvents(true);
    // Its door for diagnoses would be a multicast socket.
    tcp.setDiagnosticsHandler(tcp.createDiagnosticsHandler().setEnabled(false));
    List<InetSocketAddress> places = new ArrayList<>();
    for (Place peer : settings.peers()) {
      places.add(address(peer));
    }
    List<Protocol> stack = new ArrayList<>();
    stack.add(tcp);
    stack.add(new TCPPING().setInitialHosts(places).setPortRange(0));
    stack.add(new MERGE3().setMinInterval(1_000).setMaxInterval(3_000));
    stack.add(new FD_ALL3().setInterval(HEARTBEAT_MILLIS).setTimeout(SUSPECT_AFTER_MILLIS));
    stack.add(new VERIFY_SUSPECT2().setTimeout(1_000));
    if (!settings.secret().isEmpty()) {
      SYM_ENCRYPT encrypt = new SYM_ENCRYPT().setSecretKey(settings.key(GROUP + " cluster"));
      // JGroups knows no authenticated mode; a random vector with each message is its best one.
      encrypt.symAlgorithm("AES/CBC/PKCS5Padding");
      encrypt.symIvLength(IV_BYTES);
      stack.add(encrypt);
    }
    stack.add(new NAKACK2().useMcastXmit(false));
    stack.add(new UNICAST3());
    stack.add(new STABLE());
    stack.add(
        new GMS()
            .setJoinTimeout(JOIN_MILLIS)
            .setMaxJoinAttempts(JOIN_ATTEMPTS)
            .printLocalAddress(false));
    stack.add(new FRAG4());
    return stack;
  }

  private void changed(View view) {
    group =
        new Group(
            name(view.getCoord()),
            view.getMembers().stream().map(Membership::name).collect(Collectors.toSet()),
            Moment.now());
  }

  /** The places of the settings without the own one, which they may name in another way. */
  private static int others(ClusterSettings settings) {
    Set<InetSocketAddress> places =
        settings.peers().stream().map(Membership::address).collect(Collectors.toSet());
    places.remove(address(settings.listen()));
    return places.size();
  }

  private static InetSocketAddress address(Place place) {
    return new InetSocketAddress(place.host(), place.port());
  }

  private void heard(Message message) {
    Words who = words;
    if (who == null || !message.hasArray()) {
      return;
    }
    String[] text =
        new String(
                message.getArray(),
                message.getOffset(),
                message.getLength(),
                StandardCharsets.UTF_8)
            .split(" ", 4);
    try {
      long number = Long.parseLong(text[1]);
      if (text[0].equals(PROMISE)) {
        who.promised(name(message.getSrc()), number);
      } else if (text[0].equals(QUESTION)
          && who.promises(new Question(number, Long.parseLong(text[2]), text[3]))) {
        send(message.getSrc(), PROMISE + " " + number);
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      LOG.warn("{} sent what this version does not understand", message.getSrc());
    }
  }

  /** Not again when it was lost, and not behind others: an old answer is worth nothing. */
  private void send(Address to, String text) {
    try {
      channel.send(
          new BytesMessage(to, text.getBytes(StandardCharsets.UTF_8))
              .setFlag(Message.Flag.OOB, Message.Flag.NO_RELIABILITY));
    } catch (Exception e) {
      LOG.debug("nothing can be sent to {}", to, e);
    }
  }

  private static String name(Address address) {
    return address instanceof UUID id ? id.toStringLong() : address.toString();
  }

  @Override
  public int others() {
    return others;
  }

  @Override
  public void ask(Question question) {
    View view = channel.getView();
    if (view == null) {
      return;
    }
    String text =
        "%s %d %d %s".formatted(QUESTION, question.number(), question.epoch(), question.node());
    for (Address member : view.getMembers()) {
      if (!member.equals(channel.getAddress())) {
        send(member, text);
      }
    }
  }

  @Override
  public void listen(Words whom) {
    words = whom;
  }

  @Override
  public String self() {
    return name(channel.getAddress());
  }

  @Override
  public Group group() {
    return group;
  }

  @Override
  public void close() {
    channel.close();
  }
}
