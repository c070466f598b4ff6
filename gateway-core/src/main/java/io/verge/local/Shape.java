package io.verge.local;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gson leaves absent components of a record null; this finds those that may not be. */
final class Shape {
  private Shape() {}

  /** Whether every component that is not {@link Nullable} is there, all the way down. */
  static boolean isWhole(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().allMatch(item -> item != null && isWhole(item));
    }
    if (value instanceof Map<?, ?> map) {
      return map.values().stream().allMatch(item -> item != null);
    }
    if (!(value instanceof Record)) {
      return true;
    }
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object part = valueOf(component, value);
      boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      if (part == null ? !optional : !isWhole(part)) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Object valueOf(RecordComponent component, Object value) {
    try {
      return component.getAccessor().invoke(value);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("accessor of " + component, e);
    }
  }
}
