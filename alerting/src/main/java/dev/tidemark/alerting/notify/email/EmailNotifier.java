package dev.tidemark.alerting.notify.email;

import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.PreviewedNotifier;
import dev.tidemark.alerting.Severity;
import dev.tidemark.alerting.notify.http.AddressRules;
import dev.tidemark.alerting.notify.http.RefusedAddressException;
import dev.tidemark.alerting.notify.text.Messages;
import dev.tidemark.alerting.notify.text.NotificationText;
import dev.tidemark.alerting.notify.text.Wording;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Secret;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Date;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends e-mail over SMTP: text and HTML in one message. All messages about one incident form one
 * thread. Connecting and each answer are bounded by the timeout.
 *
 * <p>A 5xx answer or a refused login rejects for good; anything else is tried again. When only some
 * addresses are refused, the others get it, and the refused ones are logged.
 */
public final class EmailNotifier implements PreviewedNotifier {
  private static final Logger LOG = LoggerFactory.getLogger(EmailNotifier.class);

  private final Receiver.Email email;
  private final Messages messages;
  private final Wording wording;
  private final AddressRules rules;
  private final Session session;

  /** Prepares one mail server. */
  public EmailNotifier(Messages messages, Receiver receiver, Receiver.Email email) {
    this.messages = messages;
    this.email = email;
    this.wording = new Wording(receiver.templates());
    this.rules = new AddressRules(receiver.allowPrivate());
    this.session = Session.getInstance(properties(email));
  }

  private static Properties properties(Receiver.Email email) {
    String millis = String.valueOf(email.timeout().toMillis());
    Properties properties = new Properties();
    properties.setProperty("mail.transport.protocol", "smtp");
    properties.setProperty("mail.smtp.host", email.host());
    properties.setProperty("mail.smtp.port", String.valueOf(email.port()));
    properties.setProperty("mail.smtp.connectiontimeout", millis);
    properties.setProperty("mail.smtp.timeout", millis);
    properties.setProperty("mail.smtp.writetimeout", millis);
    properties.setProperty("mail.smtp.sendpartial", "true");
    properties.setProperty("mail.smtp.auth", String.valueOf(email.username() != null));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    switch (email.tls()) {
      case NONE -> properties.setProperty("mail.smtp.starttls.enable", "false");
      case STARTTLS -> {
        properties.setProperty("mail.smtp.starttls.enable", "true");
        // Without this a server that does not offer TLS would get the password in the clear.
        properties.setProperty("mail.smtp.starttls.required", "true");
      }
      case IMPLICIT -> properties.setProperty("mail.smtp.ssl.enable", "true");
    }
    return properties;
  }

  @Override
  public Delivery deliver(Notification notification) {
    MimeMessage message;
    try {
      message = message(notification);
    } catch (AddressException e) {
      return new Delivery.Rejected("the address '" + e.getRef() + "' is wrong: " + e.getMessage());
    } catch (MessagingException e) {
      return new Delivery.Rejected("the message cannot be made: " + e.getMessage());
    }
    try {
      // The mail library connects by name itself; within the JVM's cache of names, to this address.
      Object unused = rules.resolve(email.host());
    } catch (RefusedAddressException e) {
      return new Delivery.Rejected(String.valueOf(e.getMessage()));
    } catch (UnknownHostException e) {
      return new Delivery.Retry("the mail server " + email.host() + " is not known", null);
    }
    Secret password = email.password();
    try (Transport transport = session.getTransport()) {
      transport.connect(email.username(), password == null ? null : password.reveal());
      transport.sendMessage(message, message.getAllRecipients());
      return new Delivery.Delivered();
    } catch (AuthenticationFailedException e) {
      return new Delivery.Rejected(
          "the mail server " + email.host() + " refused the login; check username and password");
    } catch (SendFailedException e) {
      return refused(e);
    } catch (MessagingException e) {
      return new Delivery.Retry(
          "the mail server " + email.host() + ":" + email.port() + ": " + e.getMessage(), null);
    }
  }

  private static Delivery refused(SendFailedException failure) {
    Address[] sent = failure.getValidSentAddresses();
    String reason = String.valueOf(failure.getMessage()).strip();
    if (sent != null && sent.length > 0) {
      LOG.warn(
          "the mail server took a message for {} but not for {}: {}",
          Arrays.toString(sent),
          Arrays.toString(failure.getInvalidAddresses()),
          reason);
      return new Delivery.Delivered();
    }
    int code = code(failure);
    String said = "the mail server answered " + (code == 0 ? "" : code + ": ") + reason;
    return code >= 500 ? new Delivery.Rejected(said) : new Delivery.Retry(said, null);
  }

  /** The chain holds one exception per refused address; the mildest decides. */
  private static int code(SendFailedException failure) {
    int mildest = 0;
    for (Exception e = failure; e instanceof MessagingException m; e = m.getNextException()) {
      int code =
          e instanceof SMTPAddressFailedException address
              ? address.getReturnCode()
              : e instanceof SMTPSendFailedException send ? send.getReturnCode() : 0;
      if (code > 0 && (mildest == 0 || code < mildest)) {
        mildest = code;
      }
    }
    return mildest;
  }

  private MimeMessage message(Notification notification) throws MessagingException {
    NotificationText text = NotificationText.of(notification);
    String domain = email.from().replaceAll("^.*@|[^A-Za-z0-9.-]", "");
    MimeMessage message =
        new IdentifiedMessage(session, "<" + plain(notification.id()) + "@" + domain + ">");
    message.setFrom(new InternetAddress(email.from(), true));
    for (String to : email.to()) {
      message.addRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
    }
    message.setSubject(subject(notification), "UTF-8");
    message.setSentDate(Date.from(notification.at()));
    message.setHeader("References", "<" + plain(notification.dedupKey()) + "@" + domain + ">");
    message.setHeader("Auto-Submitted", "auto-generated");
    message.setHeader("X-Tidemark-Incident", text.incidentId());
    message.setHeader("X-Tidemark-Kind", notification.kind().name());
    if (notification.kind() != NotificationKind.RESOLVED
        && notification.incident().severity() == Severity.PAGE) {
      message.setHeader("X-Priority", "1");
    }
    MimeBodyPart plain = new MimeBodyPart();
    String own = wording.body(notification);
    plain.setText(own == null ? messages.text(text) : own, "UTF-8");
    MimeBodyPart html = new MimeBodyPart();
    html.setText(own == null ? messages.html(text) : messages.htmlOf(own), "UTF-8", "html");
    message.setContent(new MimeMultipart("alternative", plain, html));
    message.saveChanges();
    return message;
  }

  @Override
  public String preview(Notification notification) {
    String own = wording.body(notification);
    return "SMTP "
        + email.host()
        + ":"
        + email.port()
        + "\nFrom: "
        + email.from()
        + "\nTo: "
        + String.join(", ", email.to())
        + "\nSubject: "
        + subject(notification)
        + "\n\n"
        + (own == null ? messages.text(NotificationText.of(notification)) : own);
  }

  private String subject(Notification notification) {
    return wording.title(notification).replaceAll("\\p{Cntrl}+", " ")
        + " ("
        + notification.incident().id()
        + ")";
  }

  private static String plain(String id) {
    return id.replaceAll("[^A-Za-z0-9.-]", ".");
  }

  /** Keeps its id when saved, so that a mail that is sent twice is recognised as one. */
  private static final class IdentifiedMessage extends MimeMessage {
    private final String id;

    IdentifiedMessage(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
