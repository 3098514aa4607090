package dev.tidemark.alerting.notify.http;

import java.net.UnknownHostException;

/** A host is at an address that {@link AddressRules} refuse. */
public final class RefusedAddressException extends UnknownHostException {
  private static final long serialVersionUID = 1L;

  RefusedAddressException(String sentence) {
    super(sentence);
  }
}
