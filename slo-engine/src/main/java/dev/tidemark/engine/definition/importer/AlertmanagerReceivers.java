package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The receivers of an {@code alertmanager.yml}. One of ours has one channel, so one of theirs may
 * become several. Not thread-safe.
 */
final class AlertmanagerReceivers {
  private final Output output;
  private final AlertmanagerChannels channels;
  private final Map<String, List<String>> ours = new LinkedHashMap<>();
  private final Set<String> names = new TreeSet<>();

  AlertmanagerReceivers(Output output, YamlNode global) {
    this.output = output;
    this.channels = new AlertmanagerChannels(global);
  }

  /** Reads all of them. */
  void read(List<YamlNode> receivers) {
    // Their own names first: a name that is made up must not take one of these.
    receivers.forEach(receiver -> receiver.text("name").ifPresent(names::add));
    receivers.forEach(this::receiver);
  }

  /** Returns what their receiver has become; empty when there is none of this name. */
  List<String> ours(String theirs) {
    return ours.getOrDefault(theirs, List.of());
  }

  private record Made(String channel, Map<String, Object> spec, int mark) {}

  private void receiver(YamlNode receiver) {
    int told = output.mark();
    Optional<String> name = receiver.required("name");
    if (name.isEmpty()) {
      output.lost(told);
      return;
    }
    List<Made> made = new ArrayList<>();
    int before = output.mark();
    boolean any = false;
    for (String key : receiver.keys()) {
      if (key.equals("name")) {
        continue;
      }
      for (YamlNode config : receiver.elements(key)) {
        any = true;
        Optional<AlertmanagerChannels.Channel> channel = channels.read(key, config, name.get());
        if (channel.isPresent()) {
          made.add(new Made(channel.get().kind(), channel.get().spec(), before));
          before = output.mark();
        }
      }
    }
    if (made.isEmpty()) {
      if (any) {
        receiver.error(
            "nothing of this receiver can be carried, so it prints to the console and nobody is"
                + " told; give it a webhook");
      } else {
        receiver.warn(
            "this receiver tells nobody, and there is none of that kind here: it prints to the"
                + " console of the server");
      }
      output.write(told, Output.ours("Receiver", name.get(), Map.of("console", Map.of())));
      ours.put(name.get(), List.of(name.get()));
      return;
    }
    List<String> own = new ArrayList<>();
    for (int i = 0; i < made.size(); i++) {
      Made one = made.get(i);
      String ourName = made.size() == 1 ? name.get() : unused(name.get() + "-" + one.channel());
      own.add(ourName);
      int end = i + 1 < made.size() ? made.get(i + 1).mark() : output.mark();
      output.write(one.mark(), end, Output.ours("Receiver", ourName, one.spec()));
    }
    ours.put(name.get(), own);
  }

  private String unused(String wanted) {
    String name = wanted;
    for (int i = 2; !names.add(name); i++) {
      name = wanted + "-" + i;
    }
    return name;
  }
}
