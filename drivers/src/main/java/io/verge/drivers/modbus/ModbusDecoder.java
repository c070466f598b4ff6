package io.verge.drivers.modbus;

import io.verge.bytes.Decoded;
import io.verge.driver.FrameDecoder;
import io.verge.drivers.wire.modbus.ModbusCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Explains Modbus RTU frames. A frame does not say whether it is a request or an answer: where its
 * length fits both, it is read as the one its fields agree with, an answer first.
 */
public final class ModbusDecoder implements FrameDecoder {
  @Override
  public String protocol() {
    return "modbus";
  }

  @Override
  public Decoded<Explained> decode(byte[] frame) {
    Decoded<byte[]> checked = ModbusCodec.check(frame);
    if (checked instanceof Decoded.Invalid<byte[]> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    int function = frame[1] & 0xFF;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("unit", (long) (frame[0] & 0xFF));
    json.put("fc", (long) (function & 0x7F));
    List<Field> fields = new ArrayList<>();
    fields.add(new Field(0, 1, "unit", Integer.toString(frame[0] & 0xFF)));
    fields.add(new Field(1, 1, "function", function + " " + name(function & 0x7F)));
    Decoded<String> body = body(frame, function, fields, json);
    if (body instanceof Decoded.Invalid<String> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    fields.add(new Field(frame.length - 2, 2, "crc", "good"));
    return Decoded.valid(new Explained("Modbus RTU, " + body.orThrow(), List.copyOf(fields), json));
  }

  private static Decoded<String> body(
      byte[] frame, int function, List<Field> fields, Map<String, Object> json) {
    int data = frame.length - 4;
    if (function >= 0x80) {
      if (data != 1) {
        return Decoded.invalid("exception of " + data + " data bytes, expected 1", 2);
      }
      int code = frame[2] & 0xFF;
      json.put("exception", (long) code);
      fields.add(new Field(2, 1, "exception", code + " " + ModbusCodec.exception(code)));
      return Decoded.valid("exception");
    }
    if (function >= 1 && function <= 4 && data >= 1 && (frame[2] & 0xFF) == data - 1) {
      return answer(frame, function, fields, json);
    }
    if (function >= 1 && function <= 6 && data == 4) {
      boolean write = function >= 5;
      json.put("address", (long) ModbusCodec.word(frame, 2));
      json.put(write ? "value" : "count", (long) ModbusCodec.word(frame, 4));
      fields.add(new Field(2, 2, "address", Integer.toString(ModbusCodec.word(frame, 2))));
      fields.add(
          new Field(4, 2, write ? "value" : "count", Integer.toString(ModbusCodec.word(frame, 4))));
      return Decoded.valid(write ? "write, request or its echo" : "request");
    }
    if (function == 15 || function == 16) {
      return writeMany(frame, function, fields, json);
    }
    json.put("data", io.verge.bytes.Hex.plain(java.util.Arrays.copyOfRange(frame, 2, 2 + data)));
    fields.add(new Field(2, data, "data", data + " bytes, not explained for this function"));
    return Decoded.valid("function " + function);
  }

  private static Decoded<String> answer(
      byte[] frame, int function, List<Field> fields, Map<String, Object> json) {
    int bytes = frame[2] & 0xFF;
    fields.add(new Field(2, 1, "byte count", Integer.toString(bytes)));
    if (function <= ModbusCodec.READ_DISCRETE_INPUTS) {
      List<Object> bits = new ArrayList<>();
      for (int i = 0; i < bytes * 8; i++) {
        bits.add((long) (frame[3 + i / 8] >>> i % 8 & 1));
      }
      json.put("bits", List.copyOf(bits));
      fields.add(new Field(3, bytes, "bits", bits.toString()));
      return Decoded.valid("answer");
    }
    if (bytes % 2 != 0) {
      return Decoded.invalid("byte count " + bytes + " is odd", 2);
    }
    List<Object> registers = new ArrayList<>();
    for (int register : ModbusCodec.registers(frame)) {
      fields.add(
          new Field(
              3 + 2 * registers.size(),
              2,
              "register +" + registers.size(),
              register + (register > 0x7FFF ? " (" + (short) register + ")" : "")));
      registers.add((long) register);
    }
    json.put("registers", List.copyOf(registers));
    return Decoded.valid("answer");
  }

  private static Decoded<String> writeMany(
      byte[] frame, int function, List<Field> fields, Map<String, Object> json) {
    int data = frame.length - 4;
    if (data < 4) {
      return Decoded.invalid("write of " + data + " data bytes, expected at least 4", 2);
    }
    json.put("address", (long) ModbusCodec.word(frame, 2));
    json.put("count", (long) ModbusCodec.word(frame, 4));
    fields.add(new Field(2, 2, "address", Integer.toString(ModbusCodec.word(frame, 2))));
    fields.add(new Field(4, 2, "count", Integer.toString(ModbusCodec.word(frame, 4))));
    if (data == 4) {
      return Decoded.valid("answer");
    }
    int bytes = frame[6] & 0xFF;
    if (bytes != data - 5) {
      return Decoded.invalid("byte count " + bytes + ", but " + (data - 5) + " bytes follow", 6);
    }
    fields.add(new Field(6, 1, "byte count", Integer.toString(bytes)));
    if (function == ModbusCodec.WRITE_COILS) {
      int count = ModbusCodec.word(frame, 4);
      if (count < 1 || (count + 7) / 8 != bytes) {
        return Decoded.invalid("byte count " + bytes + " for " + count + " coils", 6);
      }
      List<Object> coils = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        coils.add((long) (frame[7 + i / 8] >>> i % 8 & 1));
      }
      json.put("coils", List.copyOf(coils));
    } else if (bytes % 2 == 0) {
      List<Object> registers = new ArrayList<>();
      for (int at = 7; at < 7 + bytes; at += 2) {
        registers.add((long) ModbusCodec.word(frame, at));
      }
      json.put("registers", List.copyOf(registers));
    }
    fields.add(new Field(7, bytes, "values", io.verge.bytes.Hex.spaced(frame, 7, 7 + bytes)));
    return Decoded.valid("request");
  }

  private static String name(int function) {
    return switch (function) {
      case 1 -> "read coils";
      case 2 -> "read discrete inputs";
      case 3 -> "read holding registers";
      case 4 -> "read input registers";
      case 5 -> "write coil";
      case 6 -> "write register";
      case 15 -> "write coils";
      case 16 -> "write registers";
      case 23 -> "read and write registers";
      default -> "function " + function;
    };
  }
}
