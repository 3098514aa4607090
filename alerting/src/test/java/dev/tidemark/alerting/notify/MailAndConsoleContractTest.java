package dev.tidemark.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Samples;
import dev.tidemark.alerting.route.Receiver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link ReceiverContractTest} says of HTTP, for those who are told in another way. */
class MailAndConsoleContractTest {
  private static final String SECRET = "pa55word";

  private final List<String> printed = new ArrayList<>();
  private final Notifiers notifiers = new Notifiers(printed::add);

  @AfterEach
  void stop() {
    notifiers.close();
  }

  private static Notification notification(NotificationKind kind) {
    return Samples.notification("INC-1/" + kind + "/r", kind, "r", "tidemark/INC-1", Samples.t(60));
  }

  @ParameterizedTest
  @EnumSource
  void the_console_prints_every_kind_as_it_previews_it(NotificationKind kind) {
    Receiver console = new Receiver("r", new Receiver.Console(), true);
    assertThat(notifiers.of(console).deliver(notification(kind)))
        .isEqualTo(new Delivery.Delivered());
    assertThat(printed).containsExactly(notifiers.preview(console, notification(kind)));
    assertThat(printed.get(0)).contains("flights: Freshness of flights", "INC-20260301-AAAAA");
  }

  @ParameterizedTest
  @EnumSource
  void a_mail_server_takes_every_kind(NotificationKind kind) throws IOException {
    try (Smtp server = new Smtp("", "")) {
      assertThat(deliver(server, kind)).isEqualTo(new Delivery.Delivered());
      assertThat(server.said).contains("X-Tidemark-Kind: " + kind.name());
    }
  }

  /** RFC 5321, 4.2.1: 4yz may be tried again, 5yz may not. */
  @ParameterizedTest
  @EnumSource
  void each_command_that_is_refused_for_now_is_tried_again_and_for_good_is_not(
      NotificationKind kind) throws IOException {
    for (String command : List.of("MAIL", "RCPT", "DATA", ".")) {
      try (Smtp server = new Smtp(command, "451 4.3.0 later " + SECRET)) {
        assertThat(deliver(server, kind)).as(command).isInstanceOf(Delivery.Retry.class);
      }
      try (Smtp server = new Smtp(command, "550 5.7.1 never")) {
        assertThat(deliver(server, kind)).as(command).isInstanceOf(Delivery.Rejected.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void garbage_and_silence_at_any_command_are_tried_again(NotificationKind kind)
      throws IOException {
    // A server that does not understand EHLO is greeted with HELO (RFC 5321, 3.2).
    try (Smtp server = new Smtp("EHLO", "HTTP/1.1 200 OK")) {
      assertThat(deliver(server, kind)).isEqualTo(new Delivery.Delivered());
    }
    for (String command : List.of("MAIL", "RCPT", "DATA", ".")) {
      try (Smtp server = new Smtp(command, "HTTP/1.1 200 OK")) {
        assertThat(deliver(server, kind)).as(command).isInstanceOf(Delivery.Retry.class);
      }
    }
    for (String command : List.of("EHLO", "MAIL", "RCPT", "DATA", ".")) {
      try (Smtp server = new Smtp(command, "")) {
        assertThat(deliver(server, kind)).as(command).isInstanceOf(Delivery.Retry.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_server_that_hangs_up_once_it_has_the_mail_has_it(NotificationKind kind)
      throws IOException {
    try (Smtp server = new Smtp("QUIT", "")) {
      assertThat(deliver(server, kind)).isEqualTo(new Delivery.Delivered());
    }
  }

  private Delivery deliver(Smtp server, NotificationKind kind) {
    Receiver.Email email =
        new Receiver.Email(
            "127.0.0.1",
            server.port(),
            Receiver.Tls.NONE,
            null,
            null,
            "tidemark@example.org",
            List.of("oncall@example.org"),
            Duration.ofSeconds(10));
    return notifiers.of(new Receiver("r", email, true)).deliver(notification(kind));
  }

  /** Speaks SMTP to one client, but answers one command otherwise; an empty answer hangs up. */
  private static final class Smtp implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final String command;
    private final String answer;

    Smtp(String command, String answer) throws IOException {
      this.command = command;
      this.answer = answer;
      Thread thread = new Thread(this::serve, "fake-smtp");
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return socket.getLocalPort();
    }

    private void serve() {
      try (Socket client = socket.accept();
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
        OutputStream out = client.getOutputStream();
        say(out, "220 mail.example.org ESMTP");
        boolean data = false;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          said.add(line);
          if (!data || line.equals(".")) {
            String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
            String reply = verb.equals(command) ? answer : good(verb);
            if (reply.isEmpty()) {
              return;
            }
            say(out, reply);
            data = reply.startsWith("354");
          }
        }
      } catch (IOException e) {
        // The client hung up, or the test is over.
      }
    }

    private static String good(String verb) {
      return switch (verb) {
        case "DATA" -> "354 end with a dot";
        case "QUIT" -> "221 bye";
        default -> "250 fine";
      };
    }

    private static void say(OutputStream out, String line) throws IOException {
      out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
