package dev.tidemark.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AssetsTest {
  @Test
  void each_asset_has_content_type_and_strong_tag() {
    for (String path : Assets.paths()) {
      Asset asset = Assets.find(path).orElseThrow();
      assertThat(asset.content()).as(path).isNotEmpty();
      assertThat(asset.contentType()).as(path).contains("/");
      assertThat(asset.etag()).as(path).matches("\"[0-9a-f]{24}\"");
    }
  }

  @Test
  void nothing_else_can_be_reached() {
    assertThat(Assets.find("/assets/../view/Link.class")).isEmpty();
    assertThat(Assets.find("/assets/")).isEmpty();
    assertThat(Assets.find("")).isEmpty();
  }

  @Test
  void no_asset_of_ours_asks_another_host() {
    for (String path : Assets.paths()) {
      if (!path.equals("/assets/chart.js")) {
        String text =
            new String(Assets.find(path).orElseThrow().content(), StandardCharsets.UTF_8)
                .replace("http://www.w3.org/2000/svg", "");
        assertThat(text).as(path).doesNotContain("http://").doesNotContain("https://");
      }
    }
  }
}
