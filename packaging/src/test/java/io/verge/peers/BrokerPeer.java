package io.verge.peers;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A broker beside the gateway that keeps what it could not pass on: mosquitto by MQTT 3.1.1 with
 * QoS 1, or NATS JetStream by its text protocol with a reply a message. A window of readings may
 * wait for their answer.
 */
abstract class BrokerPeer implements Peer {
  private static final int WINDOW = 256;

  private final Socket socket;
  final DataInputStream in;
  final DataOutputStream out;
  private int waiting;

  BrokerPeer(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
  }

  abstract void send(Payload reading) throws IOException;

  /** Reads one answer to a reading. */
  abstract void answer() throws IOException;

  @Override
  public void put(Payload reading) throws IOException {
    send(reading);
    if (++waiting == WINDOW) {
      accepted();
    }
  }

  @Override
  public void accepted() throws IOException {
    out.flush();
    while (waiting > 0) {
      answer();
      waiting--;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** MQTT 3.1.1, sections 3.1, 3.3 and 3.4. */
  static final class Mosquitto extends BrokerPeer {
    private int id;

    Mosquitto(int port) throws IOException {
      super(port);
      packet(
          0x10,
          bytes(
              body -> {
                body.writeUTF("MQTT");
                body.write(4);
                body.write(2);
                body.writeShort(0);
                body.writeUTF("gw1");
              }));
      out.flush();
      byte[] connack = in.readNBytes(4);
      if (connack.length < 4 || connack[3] != 0) {
        throw new IOException("mosquitto refuses the connection");
      }
    }

    private interface Body {
      void to(DataOutputStream body) throws IOException;
    }

    private static byte[] bytes(Body body) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      body.to(new DataOutputStream(bytes));
      return bytes.toByteArray();
    }

    private void packet(int type, byte[] body) throws IOException {
      if (body.length > 127) {
        throw new IOException("a packet of " + body.length + " bytes, expected at most 127");
      }
      out.write(type);
      out.write(body.length);
      out.write(body);
    }

    @Override
    void send(Payload reading) throws IOException {
      id = id % 65_535 + 1;
      packet(
          0x32,
          bytes(
              body -> {
                body.writeUTF(reading.topic());
                body.writeShort(id);
                body.write(reading.json());
              }));
    }

    @Override
    void answer() throws IOException {
      byte[] puback = in.readNBytes(4);
      if (puback.length < 4 || (puback[0] & 0xF0) != 0x40) {
        throw new IOException("mosquitto did not answer with PUBACK");
      }
    }
  }

  /** NATS client protocol; JetStream's answers are messages to the reply subject. */
  static final class Nats extends BrokerPeer {
    private static final String STREAM =
        "{\"name\":\"R\",\"subjects\":[\"city.>\"],\"storage\":\"file\",\"retention\":\"limits\","
            + "\"max_msgs\":-1,\"max_bytes\":-1,\"num_replicas\":1}";

    Nats(int port) throws IOException {
      super(port);
      line();
      text("CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB in.* 1\r\n");
      publish("$JS.API.STREAM.CREATE.R", STREAM.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      answer();
    }

    private void text(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void publish(String subject, byte[] body) throws IOException {
      text("PUB " + subject + " in.1 " + body.length + "\r\n");
      out.write(body);
      text("\r\n");
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      int c;
      while ((c = in.read()) != '\n') {
        if (c < 0) {
          throw new EOFException("nats-server closed the connection");
        }
        line.append((char) c);
      }
      return line.toString().trim();
    }

    @Override
    void send(Payload reading) throws IOException {
      publish(reading.topic().replace('/', '.'), reading.json());
    }

    @Override
    void answer() throws IOException {
      String line = line();
      while (!line.startsWith("MSG ")) {
        if (line.startsWith("-ERR")) {
          throw new IOException("nats-server: " + line);
        }
        line = line();
      }
      int length = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
      String body = new String(in.readNBytes(length + 2), StandardCharsets.US_ASCII);
      if (body.contains("\"error\"")) {
        throw new IOException("nats-server: " + body.trim());
      }
    }
  }
}
