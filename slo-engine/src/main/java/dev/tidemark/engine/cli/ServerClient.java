package dev.tidemark.engine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options by which a command finds a running server, and the calls it makes there. */
final class ServerClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LONG_PATIENCE = Duration.ofHours(2);

  @Option(
      names = {"--url", "--server"},
      paramLabel = "URL",
      description = "Where the server is; TIDEMARK_URL otherwise (default: ${DEFAULT-VALUE}).",
      defaultValue = "${env:TIDEMARK_URL:-http://127.0.0.1:8080}")
  private URI url = URI.create("http://127.0.0.1:8080");

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Bearer token; better given as TIDEMARK_TOKEN.",
      defaultValue = "${env:TIDEMARK_TOKEN:-}")
  private String token = "";

  /** Options that the command line fills in. */
  ServerClient() {}

  /** A server that is known already; an empty token is none. */
  ServerClient(URI url, String token) {
    this.url = url;
    this.token = token;
  }

  /** The server did not answer as hoped; the message is for the person at the terminal. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refused(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /** Where the server is. */
  String url() {
    return url.toString();
  }

  /** The bearer token; empty for none. */
  String token() {
    return token;
  }

  /** Encodes a name for use as one segment of a path. */
  static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  JsonNode get(String path) throws Refused {
    return send("GET", path, null);
  }

  JsonNode post(String path, JsonNode body) throws Refused {
    return send("POST", path, body);
  }

  JsonNode patch(String path, JsonNode body) throws Refused {
    return send("PATCH", path, body);
  }

  /**
   * Posts what takes the server long.
   *
   * @param waiting is called about every second until the answer comes
   */
  JsonNode postLong(String path, JsonNode body, Runnable waiting) throws Refused {
    return tree(exchange("POST", path, body, LONG_PATIENCE, waiting));
  }

  JsonNode delete(String path) throws Refused {
    return send("DELETE", path, null);
  }

  /** Returns an answer that is no JSON as it came. */
  String text(String path) throws Refused {
    return exchange("GET", path, null, PATIENCE, () -> {});
  }

  private JsonNode send(String method, String path, @Nullable JsonNode body) throws Refused {
    return tree(exchange(method, path, body, PATIENCE, () -> {}));
  }

  private JsonNode tree(String answer) throws Refused {
    try {
      return JSON.readTree(answer);
    } catch (IOException e) {
      throw new Refused(0, url + " does not answer as Tidemark does: " + e.getMessage());
    }
  }

  private String exchange(
      String method, String path, @Nullable JsonNode body, Duration patience, Runnable waiting)
      throws Refused {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(patience)
            .header("Accept", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString()));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    try {
      HttpResponse<String> response =
          await(client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()), waiting);
      if (response.statusCode() / 100 != 2) {
        JsonNode answer = JSON.readTree(response.body());
        throw new Refused(
            response.statusCode(), answer.path("error").asText("status " + response.statusCode()));
      }
      return response.body();
    } catch (ConnectException e) {
      throw new Refused(
          0,
          "no Tidemark answers at "
              + url
              + "; start one with './tidemark serve' or name it by --url");
    } catch (HttpTimeoutException e) {
      throw new Refused(
          0, "Tidemark at " + url + " did not answer within " + patience.toSeconds() + " s");
    } catch (IOException e) {
      throw new Refused(0, url + " does not answer as Tidemark does: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(0, "interrupted");
    }
  }

  private static HttpResponse<String> await(
      CompletableFuture<HttpResponse<String>> answer, Runnable waiting)
      throws IOException, InterruptedException {
    while (true) {
      try {
        return answer.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        waiting.run();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException failure) {
          throw failure;
        }
        throw new IOException(String.valueOf(e.getCause()), e);
      }
    }
  }
}
