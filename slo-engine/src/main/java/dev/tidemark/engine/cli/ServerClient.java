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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options by which a command finds a running server, and the calls it makes there. */
final class ServerClient {
  private static final ObjectMapper JSON = new ObjectMapper();

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

  JsonNode delete(String path) throws Refused {
    return send("DELETE", path, null);
  }

  /** Returns an answer that is no JSON as it came. */
  String text(String path) throws Refused {
    return exchange("GET", path, null);
  }

  private JsonNode send(String method, String path, @Nullable JsonNode body) throws Refused {
    try {
      return JSON.readTree(exchange(method, path, body));
    } catch (IOException e) {
      throw new Refused(0, url + " does not answer as Tidemark does: " + e.getMessage());
    }
  }

  private String exchange(String method, String path, @Nullable JsonNode body) throws Refused {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(Duration.ofSeconds(30))
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
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
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
      throw new Refused(0, "Tidemark at " + url + " did not answer within 30 s");
    } catch (IOException e) {
      throw new Refused(0, url + " does not answer as Tidemark does: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(0, "interrupted");
    }
  }
}
