package io.verge.runtime;

import io.verge.command.CommandDesk;
import io.verge.driver.Driver;
import io.verge.driver.Order;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Outcome;
import io.verge.model.PointType;
import io.verge.model.Sample;
import io.verge.poll.BusWorker;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The devices on the buses, found by their index in the catalog. Any thread. */
final class Field implements CommandDesk.Targets {
  /** A device where it is polled. */
  private record Place(BusWorker bus, int position) {}

  private final Catalog catalog;
  private final Map<Integer, Place> places = new HashMap<>();

  Field(Catalog catalog, List<BusWorker> buses) {
    this.catalog = catalog;
    for (BusWorker bus : buses) {
      for (int position = 0; position < bus.devices().size(); position++) {
        places.put(bus.devices().get(position).device(), new Place(bus, position));
      }
    }
  }

  /** The last sample of a device; null before the first. */
  @Nullable Sample last(int device) {
    Place place = places.get(device);
    BusWorker.Last last = place == null ? null : place.bus().last(place.position());
    return last == null ? null : last.sample();
  }

  @Override
  public int device(String target) {
    int device = catalog.indexOf(target);
    return places.containsKey(device) ? device : Event.NO_DEVICE;
  }

  @Override
  public boolean execute(
      int device, Order order, Supplier<@Nullable Outcome> refusal, Consumer<Outcome> done) {
    Place place = places.get(device);
    return place != null && place.bus().order(place.position(), order, refusal::get, done);
  }

  @Override
  public boolean readBack(int device, Consumer<CommandDesk.Found> done) {
    Place place = places.get(device);
    return place != null
        && place
            .bus()
            .read(
                place.position(),
                last ->
                    done.accept(found(place.bus().devices().get(place.position()).driver(), last)));
  }

  private static CommandDesk.Found found(Driver driver, BusWorker.Last last) {
    Map<String, BigDecimal> values = new HashMap<>();
    for (int p = 0; p < driver.points().size(); p++) {
      PointType point = driver.points().get(p);
      long value = last.sample().values()[p];
      if (value != Sample.NONE) {
        values.put(point.name(), BigDecimal.valueOf(value, point.decimals()));
      }
    }
    return new CommandDesk.Found(values, last.why(), driver::shown);
  }
}
