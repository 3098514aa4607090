package dev.tidemark.alerting.notify.http;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Which addresses may be talked to, so that a receiver cannot be pointed at what only this machine
 * may reach. Judged is the address that a name resolves to, at the moment of connecting, and the
 * connection goes to that very address: a name that answers differently the second time gains
 * nothing. Immutable.
 *
 * <p>Always refused: link-local addresses, where clouds keep the machine's credentials, their other
 * metadata addresses, the unspecified address, multicast and broadcast. Loopback and private
 * networks are refused on request; they are allowed by default, because that is where most
 * Alertmanagers and webhooks live.
 *
 * @param privateAllowed whether loopback, private and carrier-grade NAT addresses may be reached
 */
public record AddressRules(boolean privateAllowed) {
  /** The metadata services that do not live at a link-local address: AWS, Alibaba, Oracle. */
  private static final byte[][] METADATA = {
    {(byte) 0xfd, 0, 0x0e, (byte) 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x54},
    {100, 100, 100, (byte) 200},
    {(byte) 192, 0, 0, (byte) 192}
  };

  /**
   * Resolves a name, or reads a literal address.
   *
   * @return every address, all of them allowed
   * @throws UnknownHostException when the name does not resolve
   * @throws RefusedAddressException when any of its addresses is refused
   */
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses = InetAddress.getAllByName(host);
    for (InetAddress address : addresses) {
      check(address);
    }
    return addresses;
  }

  /**
   * Passes when the address may be talked to.
   *
   * @throws RefusedAddressException when not
   */
  public void check(InetAddress given) throws RefusedAddressException {
    InetAddress address = embedded(given);
    if (never(address)) {
      throw new RefusedAddressException(
          "the address "
              + given.getHostAddress()
              + " is refused: no receiver may be at a link-local, metadata, multicast or"
              + " unspecified address");
    }
    if (!privateAllowed && isPrivate(address)) {
      throw new RefusedAddressException(
          "the address "
              + given.getHostAddress()
              + " is loopback or private, which this receiver may not reach; set allowPrivate: true"
              + " if it is meant");
    }
  }

  private static boolean never(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || address.isAnyLocalAddress()
        // 0.0.0.0/8 is "this network", 240.0.0.0/4 reserved, its last address broadcast.
        || (bytes.length == 4 && (bytes[0] == 0 || (bytes[0] & 0xf0) == 0xf0))
        || Arrays.stream(METADATA).anyMatch(known -> Arrays.equals(known, bytes));
  }

  private static boolean isPrivate(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address.isLoopbackAddress()
        || address.isSiteLocalAddress()
        || (bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64)
        || (bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc);
  }

  /** An IPv4 address inside an IPv6 one (compatible, NAT64, 6to4) is judged as what it leads to. */
  private static InetAddress embedded(InetAddress address) throws RefusedAddressException {
    if (!(address instanceof Inet6Address six)) {
      return address;
    }
    byte[] bytes = address.getAddress();
    int from;
    if (startsWith(bytes, 0, 0x64, 0xff, 0x9b) || six.isIPv4CompatibleAddress()) {
      from = 12;
    } else if (startsWith(bytes, 0x20, 0x02)) {
      from = 2;
    } else {
      return address;
    }
    if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
      return address;
    }
    try {
      return Inet4Address.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
    } catch (UnknownHostException e) {
      throw new RefusedAddressException("four bytes are no address: " + e.getMessage());
    }
  }

  private static boolean startsWith(byte[] bytes, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((bytes[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
