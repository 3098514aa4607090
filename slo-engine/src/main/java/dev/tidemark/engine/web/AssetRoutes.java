package dev.tidemark.engine.web;

import dev.tidemark.dashboards.Asset;
import dev.tidemark.dashboards.Assets;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** What pages are made of beside their text: styles, scripts, the icon. Stateless. */
public final class AssetRoutes {
  private AssetRoutes() {}

  /** Adds the routes. */
  public static void mount(Router router) {
    router.get("/assets/*").handler(AssetRoutes::asset);
    router.get("/favicon.ico").handler(AssetRoutes::asset);
  }

  private static void asset(RoutingContext context) {
    Optional<Asset> found = Assets.find(context.normalizedPath());
    if (found.isEmpty()) {
      context.fail(404);
      return;
    }
    Asset asset = found.get();
    context.response().putHeader("ETag", asset.etag()).putHeader("Cache-Control", "no-cache");
    if (asset.etag().equals(context.request().getHeader("If-None-Match"))) {
      context.response().setStatusCode(304).end();
      return;
    }
    context
        .response()
        .putHeader("Content-Type", asset.contentType())
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(Buffer.buffer(asset.content()));
  }
}
