package dev.tidemark.alerting.notify.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
  private final AddressRules anywhere = new AddressRules(true);
  private final AddressRules publicOnly = new AddressRules(false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254", // metadata of AWS, Azure, GCP
        "169.254.170.2", // credentials of ECS tasks
        "fd00:ec2::254", // metadata of AWS over IPv6
        "100.100.100.200", // metadata of Alibaba
        "192.0.0.192", // metadata of Oracle
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "fe80::1",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
        "::ffff:169.254.169.254", // the same as IPv4
        "64:ff9b::a9fe:a9fe", // through NAT64, RFC 6052
        "2002:a9fe:a9fe::1", // through 6to4, RFC 3056
        "::169.254.169.254",
        "2852039166", // 169.254.169.254 as one number
        "169.254.43518"
      })
  void nobody_is_ever_at_a_link_local_metadata_multicast_or_unspecified_address(String host) {
    assertThatThrownBy(() -> anywhere.resolve(host)).isInstanceOf(RefusedAddressException.class);
    assertThatThrownBy(() -> publicOnly.resolve(host)).isInstanceOf(RefusedAddressException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.1.1",
        "localhost",
        "::1",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "fc00::1",
        "fd12:3456::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1"
      })
  void loopback_and_private_addresses_are_refused_on_request(String host)
      throws UnknownHostException {
    assertThat(anywhere.resolve(host)).isNotEmpty();
    assertThatThrownBy(() -> publicOnly.resolve(host))
        .isInstanceOf(RefusedAddressException.class)
        .hasMessageContaining("allowPrivate: true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "172.32.0.1",
        "172.15.0.1",
        "100.128.0.1",
        "192.0.2.1",
        "2606:4700::1",
        "64:ff9b::808:808",
        "2002:808:808::1"
      })
  void public_addresses_are_allowed(String host) {
    assertThatCode(() -> publicOnly.resolve(host)).doesNotThrowAnyException();
  }

  @Test
  void a_name_that_does_not_resolve_is_no_refusal() {
    assertThatThrownBy(() -> anywhere.resolve("nobody.invalid"))
        .isInstanceOf(UnknownHostException.class)
        .isNotInstanceOf(RefusedAddressException.class);
  }
}
