package dev.tidemark.alerting.notify.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client of all receivers, on threads named {@code tidemark-notify-http-N}; {@link #close}
 * ends them. It follows no redirects, keeps no cookies, asks for no compression and repeats nothing
 * by itself. Thread-safe.
 *
 * <p>Addresses are limited by {@link AddressRules}. When the JVM is told to use a proxy, it is the
 * proxy's address that is judged: the proxy resolves the receiver's name.
 */
public final class HttpSender implements AutoCloseable {
  private static final int CONNECTIONS = 64;

  private final ExecutorService threads;
  private final CloseableHttpClient everywhere;
  private final CloseableHttpClient publicOnly;

  /** Starts. */
  public HttpSender() {
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "tidemark-notify-http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.everywhere = client(new AddressRules(true));
    this.publicOnly = client(new AddressRules(false));
  }

  private static CloseableHttpClient client(AddressRules rules) {
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(
                    ManagedHttpClientConnectionFactory.builder()
                        // The default one reads on until garbage becomes HTTP.
                        .responseParserFactory(DefaultHttpResponseParserFactory.INSTANCE)
                        .build())
                .setDnsResolver(new LimitedResolver(rules))
                .setTlsSocketStrategy(DefaultClientTlsStrategy.createSystemDefault())
                .setMaxConnTotal(CONNECTIONS)
                .setMaxConnPerRoute(CONNECTIONS)
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.ofSeconds(10))
                        .setTimeToLive(TimeValue.ofMinutes(5))
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .build())
                .build())
        .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .setUserAgent("Tidemark")
        .build();
  }

  /** What is sent: {@code json} is null for a request without a body. */
  record Request(
      String method,
      URI uri,
      Map<String, String> headers,
      @Nullable String json,
      int answerBytes,
      boolean privateAllowed) {
    Request {
      headers = Map.copyOf(headers);
    }
  }

  /**
   * Sends, and waits for the whole answer or its first {@code answerBytes}.
   *
   * @throws TimeoutException when that took longer
   * @throws IOException when there was no answer that could be understood
   * @throws IllegalArgumentException when no such request can be made
   */
  Answer send(Request given, Duration timeout)
      throws IOException, TimeoutException, InterruptedException {
    HttpUriRequestBase request = new HttpUriRequestBase(given.method(), given.uri());
    given.headers().forEach(request::setHeader);
    String json = given.json();
    if (json != null) {
      request.setEntity(new StringEntity(json, ContentType.APPLICATION_JSON));
    }
    // A little later than what is waited for below, which knows the whole exchange.
    Timeout most = Timeout.of(timeout.plusSeconds(1));
    request.setConfig(
        RequestConfig.custom()
            .setConnectionRequestTimeout(most)
            .setResponseTimeout(most)
            .setProtocolUpgradeEnabled(false)
            .build());
    CloseableHttpClient client = given.privateAllowed() ? everywhere : publicOnly;
    Future<Answer> running =
        threads.submit(
            () -> answer(client.executeOpen(null, request, null), request, given.answerBytes()));
    try {
      return running.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof IOException io ? io : new IOException(String.valueOf(cause), e);
    } finally {
      // Hangs up when there is still something going on; does nothing otherwise.
      boolean unused = request.cancel();
      unused = running.cancel(true);
    }
  }

  private static Answer answer(ClassicHttpResponse response, HttpUriRequestBase request, int limit)
      throws IOException {
    try {
      Map<String, String> headers = new HashMap<>();
      for (Header header : response.getHeaders()) {
        headers.putIfAbsent(
            header.getName().toLowerCase(Locale.ROOT), String.valueOf(header.getValue()));
      }
      HttpEntity entity = response.getEntity();
      byte[] body = entity == null ? new byte[0] : entity.getContent().readNBytes(limit);
      if (body.length == limit) {
        // Closing would read the body to its end; this hangs up.
        boolean unused = request.cancel();
      }
      return new Answer(response.getCode(), headers, new String(body, StandardCharsets.UTF_8));
    } finally {
      closeQuietly(response);
    }
  }

  private static void closeQuietly(ClassicHttpResponse response) {
    try {
      response.close();
    } catch (IOException e) {
      // What was wanted of the answer has been read; the connection is not used again.
    }
  }

  private record LimitedResolver(AddressRules rules) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      return rules.resolve(host);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    everywhere.close(CloseMode.IMMEDIATE);
    publicOnly.close(CloseMode.IMMEDIATE);
  }
}
