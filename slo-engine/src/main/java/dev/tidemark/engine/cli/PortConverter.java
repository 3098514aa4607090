package dev.tidemark.engine.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a port: 0 takes any free one, -1 none. */
final class PortConverter implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= -1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Told below, as any other text that is no port.
    }
    throw new TypeConversionException("'" + text + "' is no port; write a number from 0 to 65535");
  }
}
