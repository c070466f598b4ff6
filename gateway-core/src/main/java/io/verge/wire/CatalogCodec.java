package io.verge.wire;

import io.verge.bytes.Decoded;
import io.verge.bytes.Sha256;
import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.PointKind;
import io.verge.model.PointType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The catalog message: a CBOR map of {@code rev}, {@code sha256}, {@code types}, {@code devices}.
 */
public final class CatalogCodec {
  private static final int NAME_BYTES_MAX = 128;
  private static final int MEANING_BYTES_MAX = 256;

  private CatalogCodec() {}

  public static byte[] encode(Catalog catalog) {
    CborWriter out = new CborWriter(4096).map(4);
    out.text("rev").unsigned(catalog.rev());
    out.text("types");
    types(out, catalog);
    out.text("sha256").bytes(sha256(catalog));
    out.text("devices");
    devices(out, catalog);
    return Message.wrap(out);
  }

  /** SHA-256 of the CBOR of {@code [types, devices]}: the content, whatever its revision. */
  public static byte[] sha256(Catalog catalog) {
    CborWriter out = new CborWriter(4096).array(2);
    types(out, catalog);
    devices(out, catalog);
    return Sha256.start().digest(out.toBytes());
  }

  public static Decoded<Catalog> decode(byte[] message) {
    Decoded<byte[]> cbor = Message.unwrap(message);
    if (!(cbor instanceof Decoded.Valid<byte[]> valid)) {
      return BatchCodec.invalid(cbor);
    }
    CborReader in = new CborReader(valid.value(), 0, valid.value().length);
    long rev = 0;
    byte[] sha256 = {};
    List<DeviceType> types = List.of();
    List<Device> devices = List.of();
    int entries = in.map();
    for (int e = 0; e < entries && in.isOk(); e++) {
      String key = in.text(NAME_BYTES_MAX);
      switch (key) {
        case "rev" -> rev = in.unsigned();
        case "sha256" -> sha256 = in.bytes(32);
        case "types" -> types = types(in);
        case "devices" -> devices = devices(in);
        default -> in.any();
      }
    }
    if (!in.isAtEnd()) {
      return in.invalid();
    }
    try {
      Catalog catalog = new Catalog(rev, types, devices);
      return Arrays.equals(sha256, sha256(catalog))
          ? Decoded.valid(catalog)
          : Decoded.invalid("sha256 does not match types and devices", 0);
    } catch (IllegalArgumentException e) {
      return Decoded.invalid(String.valueOf(e.getMessage()), 0);
    }
  }

  private static void types(CborWriter out, Catalog catalog) {
    out.array(catalog.types().size());
    for (DeviceType type : catalog.types()) {
      out.array(3).text(type.name()).unsigned(type.periodMs()).array(type.points().size());
      for (PointType point : type.points()) {
        out.array(point.meaning().isEmpty() ? 4 : 5)
            .text(point.name())
            .text(point.unit())
            .unsigned(point.decimals())
            .text(point.kind().word());
        if (!point.meaning().isEmpty()) {
          out.text(point.meaning());
        }
      }
    }
  }

  private static void devices(CborWriter out, Catalog catalog) {
    out.array(catalog.devices().size());
    for (Device device : catalog.devices()) {
      out.array(device.details().isEmpty() ? 2 : 3).unsigned(device.type()).text(device.id());
      if (!device.details().isEmpty()) {
        out.any(device.details());
      }
    }
  }

  private static List<DeviceType> types(CborReader in) {
    int count = in.array(0, Catalog.TYPES_MAX, "types");
    List<DeviceType> types = new ArrayList<>(count);
    for (int t = 0; t < count && in.isOk(); t++) {
      in.array(3, 3, "type");
      String name = in.text(NAME_BYTES_MAX);
      long period = in.unsigned(Long.MAX_VALUE / 2, "period");
      int pointCount = in.array(1, DeviceType.POINTS_MAX, "points");
      List<PointType> points = new ArrayList<>(pointCount);
      for (int p = 0; p < pointCount && in.isOk(); p++) {
        int size = in.array(4, 5, "point");
        String point = in.text(NAME_BYTES_MAX);
        String unit = in.text(NAME_BYTES_MAX);
        int decimals = (int) in.unsigned(9, "decimals");
        String kind = in.text(NAME_BYTES_MAX);
        String meaning = size == 5 ? in.text(MEANING_BYTES_MAX) : "";
        if (in.isOk()) {
          try {
            points.add(new PointType(point, unit, decimals, PointKind.of(kind), meaning));
          } catch (IllegalArgumentException e) {
            in.fail(String.valueOf(e.getMessage()));
          }
        }
      }
      if (in.isOk() && period == 0) {
        in.fail("period 0");
      }
      if (in.isOk()) {
        types.add(new DeviceType(name, period, points));
      }
    }
    return types;
  }

  @SuppressWarnings("unchecked") // CborReader.any() makes maps with text keys only
  private static List<Device> devices(CborReader in) {
    int count = in.array(0, Catalog.DEVICES_MAX, "devices");
    List<Device> devices = new ArrayList<>(count);
    for (int d = 0; d < count && in.isOk(); d++) {
      int size = in.array(2, 3, "device");
      int type = (int) in.unsigned(Catalog.TYPES_MAX, "type");
      String id = in.text(NAME_BYTES_MAX);
      Object details = size == 3 ? in.any() : Map.of();
      if (in.isOk() && !(details instanceof Map)) {
        in.fail("details are not a map");
      }
      if (in.isOk() && details instanceof Map<?, ?> map) {
        devices.add(new Device(type, id, (Map<String, Object>) map));
      }
    }
    return devices;
  }
}
