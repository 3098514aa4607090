package dev.tidemark.engine.web;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a window, as a person's browser or phone. Not thread-safe. */
final class Chromium implements AutoCloseable {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final ChromeDriver driver;

  Chromium(Path profile) {
    LoggingPreferences console = new LoggingPreferences();
    console.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(executable("chromium").toString());
    options.setCapability("goog:loggingPrefs", console);
    // Without these it looks for updates of itself, which a closed network refuses many times over.
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + profile);
    this.driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(executable("chromedriver").toFile())
                .usingAnyFreePort()
                .build(),
            options);
    driver.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(30));
  }

  private static Path executable(String name) {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(System.getenv("PATH"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    name
                        + " is not on the PATH; on Debian: apt-get install chromium chromium-driver"));
  }

  /** Looks like a window of this size, light or dark. */
  void screen(int width, int height, boolean phone, boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Opens a page and waits until its charts are drawn. */
  void open(URI page) throws Exception {
    driver.get(page.toString());
    await(
        "the charts of " + page,
        () ->
            Boolean.TRUE.equals(
                driver.executeScript(
                    "return document.readyState === 'complete' && "
                        + "[...document.querySelectorAll('canvas')].every("
                        + "c => window.Chart && Chart.getChart(c))")));
  }

  /** Returns how many pixels the page is wider than its screen. */
  long overflowPixels() {
    return pixels("scrollWidth") - pixels("clientWidth");
  }

  private long pixels(String property) {
    Object value = driver.executeScript("return document.documentElement." + property);
    if (value instanceof Number number) {
      return number.longValue();
    }
    throw new AssertionError("the page has no " + property + " but " + value);
  }

  /** Returns what the page complained of since the last call. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Returns what keeps people with a screen reader or weak eyes from using the page. */
  List<String> accessibilityProblems() {
    return new AxeBuilder()
            .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa"))
            .analyze(driver)
            .getViolations()
            .stream()
            .map(Chromium::text)
            .toList();
  }

  private static String text(Rule rule) {
    return rule.getId()
        + ": "
        + rule.getHelp()
        + " "
        + rule.getNodes().stream().limit(3).map(node -> node.getHtml()).toList();
  }

  /** Returns the targets of all links of the page on this server, in order, without fragments. */
  List<String> links() {
    // In one go: a live page may swap its links while they are read one by one.
    Object links =
        driver.executeScript(
            "return [...document.querySelectorAll('a[href^=\"/\"]')].map(a => a.getAttribute('href'))");
    if (links instanceof List<?> list) {
      return list.stream()
          .map(link -> String.valueOf(link).replaceFirst("#.*", ""))
          .distinct()
          .toList();
    }
    throw new AssertionError("the page has no list of links but " + links);
  }

  /** Types into a field, again if the live page swapped it for a new one meanwhile. */
  void type(String css, String text) throws Exception {
    await(
        "typing into " + css,
        () -> {
          try {
            WebElement field = find(css);
            field.clear();
            field.sendKeys(text);
            return text.equals(find(css).getDomProperty("value"));
          } catch (StaleElementReferenceException | ElementNotInteractableException e) {
            return false;
          }
        });
  }

  /** Clicks, again if the live page swapped the element for a new one meanwhile. */
  void click(String css) throws Exception {
    await(
        "clicking " + css,
        () -> {
          try {
            find(css).click();
            return true;
          } catch (StaleElementReferenceException | ElementNotInteractableException e) {
            return false;
          }
        });
  }

  /** Runs a script in every page from now on before the page's own; returns its id. */
  String beforeEveryPage(String script) {
    return String.valueOf(
        driver
            .executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script))
            .get("identifier"));
  }

  void withoutScript(String id) {
    driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", id));
  }

  boolean holds(String expression) {
    return Boolean.TRUE.equals(driver.executeScript("return " + expression));
  }

  WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  String text() {
    // In one step: an element found first may be gone when the page is replaced meanwhile.
    return String.valueOf(
        driver.executeScript("return document.body ? document.body.innerText : ''"));
  }

  String address() {
    return String.valueOf(driver.getCurrentUrl());
  }

  /** Writes what is seen, the whole length of the page, to {@code target/screenshots}. */
  void screenshot(String name) throws IOException {
    Files.createDirectories(SCREENSHOTS);
    long height = pixels("scrollHeight");
    long width = pixels("clientWidth");
    Object data =
        driver
            .executeCdpCommand(
                "Page.captureScreenshot",
                Map.of(
                    "format",
                    "png",
                    "captureBeyondViewport",
                    true,
                    "clip",
                    Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1)))
            .get("data");
    Files.write(
        SCREENSHOTS.resolve(name + ".png"),
        OutputType.BYTES.convertFromBase64Png(String.valueOf(data)));
  }

  static void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("did not come within 60 s: " + what);
      }
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
