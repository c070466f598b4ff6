package io.verge.uplink;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One uplink as configured.
 *
 * @param name its name in the configuration and in the store's cursors.
 * @param gateway the gateway's id, in topics and paths.
 * @param uri {@code mqtt://host:1883}, {@code mqtts://…}, {@code coap://…}, {@code coaps://…}.
 * @param ca PEM file with the authorities that may sign the server, or null for the system's.
 * @param certificate PEM file with the client's certificate chain, or null.
 * @param key PEM file (PKCS#8) with its key, or null.
 * @param user user name, or null.
 * @param passwordFile file with the password, or null.
 * @param pskIdentity DTLS PSK identity, or null.
 * @param pskFile file with the key as hex, or null.
 * @param ackTimeoutMs a connected link that acks nothing for so long is torn down.
 * @param keepAliveMs MQTT keep-alive, or how often CoAP renews its observation of commands.
 * @param ackByBroker true: PUBACK frees a batch; false: only an application ack does.
 * @param topic where batches go in another codec than protocol v1, or null for {@code
 *     verge/v1/<gateway>/<codec>}.
 */
public record UplinkSettings(
    String name,
    String gateway,
    URI uri,
    @Nullable Path ca,
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable String user,
    @Nullable Path passwordFile,
    @Nullable String pskIdentity,
    @Nullable Path pskFile,
    long ackTimeoutMs,
    long keepAliveMs,
    boolean ackByBroker,
    Codec codec,
    @Nullable String topic) {
  /** How batches are told to this back end. */
  public enum Codec {
    /** Protocol v1: the stored bytes. */
    VERGE,
    SENML_JSON,
    SENML_CBOR;

    public static final List<String> WORDS = List.of("verge", "senml-json", "senml-cbor");

    /** The words of the configuration. */
    public static Codec of(String word) {
      return values()[WORDS.indexOf(word)];
    }

    public String word() {
      return WORDS.get(ordinal());
    }
  }

  /** Protocol v1 under its own topics. */
  public UplinkSettings(
      String name,
      String gateway,
      URI uri,
      @Nullable Path ca,
      @Nullable Path certificate,
      @Nullable Path key,
      @Nullable String user,
      @Nullable Path passwordFile,
      @Nullable String pskIdentity,
      @Nullable Path pskFile,
      long ackTimeoutMs,
      long keepAliveMs,
      boolean ackByBroker) {
    this(
        name,
        gateway,
        uri,
        ca,
        certificate,
        key,
        user,
        passwordFile,
        pskIdentity,
        pskFile,
        ackTimeoutMs,
        keepAliveMs,
        ackByBroker,
        Codec.VERGE,
        null);
  }
}
