package dev.tidemark.dashboards;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Style sheet, scripts and icon, from our own jar. A closed list, loaded once: no request reaches
 * the class path. Safe for any thread.
 */
public final class Assets {
  private static final String OURS = "/dev/tidemark/dashboards/assets/";
  private static final String CHART = "/META-INF/resources/webjars/chart.js/4.5.1/dist/";
  private static final Map<String, Asset> ALL = load();

  private Assets() {}

  /**
   * Finds the asset of a request.
   *
   * @param path of the request, such as {@code /assets/tidemark.css}, without the query
   * @return empty when there is none: answer 404
   */
  public static Optional<Asset> find(String path) {
    return Optional.ofNullable(ALL.get(path));
  }

  /** Returns every path that {@link #find} knows. */
  public static Set<String> paths() {
    return ALL.keySet();
  }

  /** Returns the path with a query that changes with the content, so that caches may keep it. */
  static String versioned(String path) {
    Asset asset = find(path).orElseThrow(() -> new IllegalArgumentException("no asset " + path));
    return path + "?v=" + asset.etag().substring(1, 9);
  }

  private static Map<String, Asset> load() {
    Map<String, Asset> all = new LinkedHashMap<>();
    all.put("/assets/tidemark.css", read(OURS + "tidemark.css", "text/css; charset=utf-8"));
    String script = "text/javascript; charset=utf-8";
    all.put("/assets/theme.js", read(OURS + "theme.js", script));
    all.put("/assets/tidemark.js", read(OURS + "tidemark.js", script));
    all.put("/assets/live.js", read(OURS + "live.js", script));
    all.put("/assets/chart.js", read(CHART + "chart.umd.min.js", script));
    Asset icon = read(OURS + "favicon.svg", "image/svg+xml");
    all.put("/assets/favicon.svg", icon);
    all.put("/favicon.ico", icon);
    return Collections.unmodifiableMap(all);
  }

  private static Asset read(String resource, String contentType) {
    try (InputStream in = Assets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + resource + ": build it again");
      }
      byte[] content = in.readAllBytes();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      String etag = "\"" + HexFormat.of().formatHex(digest, 0, 12) + "\"";
      return new Asset(content, contentType, etag);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + resource, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java lacks SHA-256", e);
    }
  }
}
