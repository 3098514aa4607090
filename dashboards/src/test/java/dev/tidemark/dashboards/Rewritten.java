package dev.tidemark.dashboards;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Copies of views in which every component was looked at, however deep it lies. */
final class Rewritten {
  private Rewritten() {}

  /**
   * Copies a view.
   *
   * @param view a record of records, lists and plain values
   * @param change gets each component and its value; what it returns is copied in turn
   */
  static <T extends Record> T copy(
      T view, BiFunction<RecordComponent, Object, @Nullable Object> change) {
    try {
      RecordComponent[] components = view.getClass().getRecordComponents();
      Class<?>[] types = new Class<?>[components.length];
      @Nullable Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        @Nullable Object value = components[i].getAccessor().invoke(view);
        @Nullable Object changed = value == null ? null : change.apply(components[i], value);
        values[i] = changed == null ? null : deep(changed, components[i], change);
      }
      @SuppressWarnings("unchecked") // the canonical constructor of T's own class
      T copy = (T) view.getClass().getDeclaredConstructor(types).newInstance(values);
      return copy;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(view + " cannot be copied", e);
    }
  }

  private static Object deep(
      Object value,
      RecordComponent component,
      BiFunction<RecordComponent, Object, @Nullable Object> change) {
    if (value instanceof Record nested) {
      return copy(nested, change);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copies = new ArrayList<>();
      for (@Nullable Object each : list) {
        if (each instanceof String text) {
          copies.add(change.apply(component, text));
        } else {
          copies.add(each == null ? null : deep(each, component, change));
        }
      }
      return copies;
    }
    return value;
  }
}
