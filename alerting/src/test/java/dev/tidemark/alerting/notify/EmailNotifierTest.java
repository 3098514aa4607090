package dev.tidemark.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Samples;
import dev.tidemark.alerting.notify.email.EmailNotifier;
import dev.tidemark.alerting.notify.text.Messages;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Secret;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmailNotifierTest {
  private final GreenMail server =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private static Delivery deliver(Receiver.Email email) {
    Notification notification =
        Samples.notification(
            "INC-1/1/r/x", NotificationKind.TRIGGERED, "r", "tidemark/INC-1", Samples.t(60));
    return new EmailNotifier(new Messages(), new Receiver("r", email, true), email)
        .deliver(notification);
  }

  private static Receiver.Email email(
      int port, Receiver.Tls tls, @Nullable String user, @Nullable String password, String to) {
    return new Receiver.Email(
        "127.0.0.1",
        port,
        tls,
        user,
        password == null ? null : Secret.of(password),
        "tidemark@example.org",
        List.of(to),
        Duration.ofMillis(500));
  }

  private Receiver.Email plain(String to) {
    return email(server.getSmtp().getPort(), Receiver.Tls.NONE, null, null, to);
  }

  @Test
  void the_mail_has_text_html_and_headers() throws MessagingException, IOException {
    assertThat(deliver(plain("oncall@example.org"))).isEqualTo(new Delivery.Delivered());
    MimeMessage mail = server.getReceivedMessages()[0];
    assertThat(mail.getSubject())
        .isEqualTo("[PAGE] flights: Freshness of flights (INC-20260301-AAAAA)");
    assertThat(mail.getMessageID()).isEqualTo("<INC-1.1.r.x@example.org>");
    assertThat(mail.getHeader("References")).containsExactly("<tidemark.INC-1@example.org>");
    assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(mail.getHeader("X-Tidemark-Incident")).containsExactly("INC-20260301-AAAAA");
    MimeMultipart parts = (MimeMultipart) mail.getContent();
    assertThat(parts.getContentType()).startsWith("multipart/alternative");
    assertThat(parts.getBodyPart(0).getContent().toString())
        .contains("connector cdc (guessed)", "14.9× over 1 h", "/runbooks/stale-dataset");
    assertThat(parts.getBodyPart(1).getContentType()).startsWith("text/html");
    assertThat(GreenMailUtil.getBody(parts.getBodyPart(1))).contains("<table");
  }

  @Test
  void a_login_is_used_and_a_refused_one_rejects() {
    server.setUser("oncall@example.org", "tidemark", "pa55");
    int port = server.getSmtp().getPort();
    assertThat(deliver(email(port, Receiver.Tls.NONE, "tidemark", "pa55", "oncall@example.org")))
        .isEqualTo(new Delivery.Delivered());
    assertThat(deliver(email(port, Receiver.Tls.NONE, "tidemark", "wr0ng", "oncall@example.org")))
        .isInstanceOfSatisfying(
            Delivery.Rejected.class,
            rejected ->
                assertThat(rejected.reason())
                    .contains("refused the login")
                    .doesNotContain("wr0ng"));
  }

  @Test
  void a_server_without_starttls_gets_nothing_when_it_is_asked_for() {
    int port = server.getSmtp().getPort();
    assertThat(deliver(email(port, Receiver.Tls.STARTTLS, null, null, "oncall@example.org")))
        .isInstanceOf(Delivery.Retry.class);
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void a_wrong_address_rejects_and_an_absent_server_is_tried_again() {
    assertThat(deliver(plain("no address"))).isInstanceOf(Delivery.Rejected.class);
    Receiver.Email email = plain("oncall@example.org");
    server.stop();
    assertThat(deliver(email)).isInstanceOf(Delivery.Retry.class);
  }

  @Test
  void a_server_that_never_answers_is_left_after_the_timeout() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Receiver.Email email =
          email(mute.getLocalPort(), Receiver.Tls.NONE, null, null, "oncall@example.org");
      assertThat(deliver(email)).isInstanceOf(Delivery.Retry.class);
    }
  }

  @Test
  void a_mail_server_at_a_refused_address_gets_nothing() {
    Receiver.Email email = plain("oncall@example.org");
    Receiver notPrivate = new Receiver("r", email, true, false, Receiver.Templates.NONE);
    Notification notification =
        Samples.notification(
            "id", NotificationKind.TRIGGERED, "r", "tidemark/INC-1", Samples.t(60));
    assertThat(new EmailNotifier(new Messages(), notPrivate, email).deliver(notification))
        .isInstanceOfSatisfying(
            Delivery.Rejected.class,
            rejected -> assertThat(rejected.reason()).contains("allowPrivate: true"));
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void own_texts_become_the_subject_the_text_and_escaped_html()
      throws MessagingException, IOException {
    Receiver.Email email = plain("oncall@example.org");
    Receiver own =
        new Receiver(
            "r", email, true, true, new Receiver.Templates("{{dataset}}!", "<b>{{note}}</b>\nend"));
    Notification notification =
        Samples.notification(
            "id", NotificationKind.TRIGGERED, "r", "tidemark/INC-1", Samples.t(60));
    EmailNotifier notifier = new EmailNotifier(new Messages(), own, email);
    assertThat(notifier.deliver(notification)).isEqualTo(new Delivery.Delivered());
    MimeMessage mail = server.getReceivedMessages()[0];
    assertThat(mail.getSubject()).isEqualTo("flights! (INC-20260301-AAAAA)");
    MimeMultipart parts = (MimeMultipart) mail.getContent();
    assertThat(parts.getBodyPart(0).getContent().toString()).startsWith("<b>new</b>");
    assertThat(GreenMailUtil.getBody(parts.getBodyPart(1))).contains("&lt;b&gt;new&lt;/b&gt;");
    assertThat(notifier.preview(notification))
        .startsWith("SMTP 127.0.0.1:")
        .contains("Subject: flights! (INC-20260301-AAAAA)", "<b>new</b>");
  }
}
