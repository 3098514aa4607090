package dev.tidemark.engine.cluster;

import dev.tidemark.engine.cluster.ClusterSettings.Place;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jgroups.Address;
import org.jgroups.JChannel;
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

/**
 * The group of servers as JGroups sees it: over TCP to the places that the settings name, one port,
 * no multicast. A process that dies is gone as soon as its connection breaks, one that hangs after
 * some ten seconds. No message of ours goes through it, only its own about who is there.
 * Thread-safe.
 */
final class Membership implements AutoCloseable {
  private static final String GROUP = "tidemark";
  private static final long HEARTBEAT_MILLIS = 2_000;
  private static final long SUSPECT_AFTER_MILLIS = 8_000;
  private static final long JOIN_MILLIS = 2_000;
  private static final int JOIN_ATTEMPTS = 3;
  private static final int IV_BYTES = 16;
  private static final int KEY_BITS = 256;
  private static final int KEY_ROUNDS = 210_000;

  private final JChannel channel;
  private volatile Group group = new Group("", Set.of(), System.nanoTime());

  /**
   * Who is there.
   *
   * @param first the member that is there for the longest time
   * @param members all of them
   * @param sinceNanos {@link System#nanoTime} of the last change
   */
  record Group(String first, Set<String> members, long sinceNanos) {
    Duration unchanged() {
      return Duration.ofNanos(System.nanoTime() - sinceNanos);
    }
  }

  /**
   * Joins the group, or begins it.
   *
   * @throws ClusterException when the port cannot be had
   */
  Membership(ClusterSettings settings) throws ClusterException {
    try {
      channel = new JChannel(protocols(settings));
      channel.setName(settings.listen().toString());
      channel.setReceiver(
          new Receiver() {
            @Override
            public void viewAccepted(View view) {
              changed(view);
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
      places.add(new InetSocketAddress(peer.host(), peer.port()));
    }
    List<Protocol> stack = new ArrayList<>();
    stack.add(tcp);
    stack.add(new TCPPING().setInitialHosts(places).setPortRange(0));
    stack.add(new MERGE3().setMinInterval(1_000).setMaxInterval(3_000));
    stack.add(new FD_ALL3().setInterval(HEARTBEAT_MILLIS).setTimeout(SUSPECT_AFTER_MILLIS));
    stack.add(new VERIFY_SUSPECT2().setTimeout(1_000));
    if (!settings.secret().isEmpty()) {
      SYM_ENCRYPT encrypt = new SYM_ENCRYPT().setSecretKey(key(settings.secret()));
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

  /** The salt is the same everywhere, as all have to come to the same key without a word. */
  private static SecretKey key(String secret) throws GeneralSecurityException {
    byte[] salt = (GROUP + " cluster").getBytes(StandardCharsets.UTF_8);
    PBEKeySpec spec = new PBEKeySpec(secret.toCharArray(), salt, KEY_ROUNDS, KEY_BITS);
    byte[] key =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    return new SecretKeySpec(key, "AES");
  }

  private void changed(View view) {
    group =
        new Group(
            name(view.getCoord()),
            view.getMembers().stream().map(Membership::name).collect(Collectors.toSet()),
            System.nanoTime());
  }

  private static String name(Address address) {
    return address instanceof UUID id ? id.toStringLong() : address.toString();
  }

  /** Which member this process is; another one after a restart. */
  String self() {
    return name(channel.getAddress());
  }

  /** Who is there now. */
  Group group() {
    return group;
  }

  /** Leaves the group; the others know at once. */
  @Override
  public void close() {
    channel.close();
  }
}
