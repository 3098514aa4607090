package dev.tidemark.dashboards;

import dev.tidemark.dashboards.view.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every page with sample data. {@link #main} writes them, with the assets, to a directory that any
 * static file server can show to a browser.
 */
final class PageGallery {
  private PageGallery() {}

  static Map<String, String> pages(Frame frame) {
    PageRenderer renderer = new PageRenderer();
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("executive", renderer.executive(frame, Samples.executive()));
    pages.put("oncall", renderer.oncall(frame, Samples.oncall()));
    pages.put("debug", renderer.debug(frame, MoreSamples.debug()));
    pages.put("slo", renderer.slo(frame, Samples.slo()));
    pages.put("dataset", renderer.dataset(frame, Samples.dataset()));
    pages.put("incident", renderer.incident(frame, Samples.incident()));
    pages.put("runbook", renderer.runbook(frame, MoreSamples.runbook()));
    pages.put("index", renderer.index(frame, MoreSamples.index()));
    pages.put("error", renderer.error(frame, MoreSamples.error()));
    pages.put("postmortem", renderer.postmortem(frame, MoreSamples.postmortem()));
    pages.put("link", renderer.link(frame, MoreSamples.link()));
    pages.put("sign-in", renderer.signIn(frame, MoreSamples.signIn()));
    return pages;
  }

  /** Writes the gallery to the directory named by the first argument. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args.length > 0 ? args[0] : "target/gallery");
    Files.createDirectories(directory.resolve("assets"));
    Frame sample = Samples.frame();
    Frame still = new Frame(sample.now(), sample.notice(), sample.user(), 2, false);
    for (Map.Entry<String, String> page : pages(still).entrySet()) {
      Files.writeString(directory.resolve(page.getKey() + ".html"), page.getValue());
    }
    for (String path : Assets.paths()) {
      Files.write(directory.resolve(path.substring(1)), Assets.find(path).orElseThrow().content());
    }
  }
}
