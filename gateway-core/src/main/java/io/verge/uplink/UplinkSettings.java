package io.verge.uplink;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
 * @param foreign what other codecs need to know.
 * @param also further servers of the same back end, tried in this order after {@code uri}.
 * @param line by what it goes, and what that may cost.
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
    @Nullable String topic,
    Foreign foreign,
    List<URI> also,
    Line line) {
  public UplinkSettings {
    also = List.copyOf(also);
  }

  /** All servers, in the order in which they are tried. */
  public List<URI> servers() {
    return Stream.concat(Stream.of(uri), also.stream()).toList();
  }

  /** The same uplink with one of its {@link #servers} as its only one. */
  public UplinkSettings at(int server) {
    return with(servers().get(server), List.of(), keepAliveMs, line, codec, topic, foreign);
  }

  /** The same uplink with further servers. */
  public UplinkSettings withAlso(List<URI> others) {
    return with(uri, others, keepAliveMs, line, codec, topic, foreign);
  }

  /** The same uplink by another line. */
  public UplinkSettings withLine(Line other) {
    return with(uri, also, keepAliveMs, other, codec, topic, foreign);
  }

  /** The same uplink in another codec. */
  public UplinkSettings withCodec(Codec other, @Nullable String where, Foreign needs) {
    return with(uri, also, keepAliveMs, line, other, where, needs);
  }

  /** The same uplink with another keep-alive. */
  UplinkSettings withKeepAlive(long ms) {
    return with(uri, also, ms, line, codec, topic, foreign);
  }

  private UplinkSettings with(
      URI first,
      List<URI> others,
      long keepAlive,
      Line by,
      Codec toldIn,
      @Nullable String where,
      Foreign needs) {
    return new UplinkSettings(
        name,
        gateway,
        first,
        ca,
        certificate,
        key,
        user,
        passwordFile,
        pskIdentity,
        pskFile,
        ackTimeoutMs,
        keepAlive,
        ackByBroker,
        toldIn,
        where,
        needs,
        others,
        by);
  }

  /**
   * What codecs other than protocol v1 need to know.
   *
   * @param assets patterns of the assets that are told of; none: all.
   * @param group Sparkplug group id.
   * @param node Sparkplug edge node id.
   * @param host Sparkplug primary host, or empty: none is waited for.
   * @param productKey of Alibaba Cloud.
   * @param deviceName of Alibaba Cloud.
   */
  public record Foreign(
      List<String> assets,
      String group,
      String node,
      String host,
      String productKey,
      String deviceName) {
    public static final Foreign NONE = new Foreign(List.of(), "", "", "", "", "");

    public Foreign {
      assets = List.copyOf(assets);
    }
  }

  /** How batches are told to this back end. */
  public enum Codec {
    /** Protocol v1: the stored bytes. */
    VERGE,
    SENML_JSON,
    SENML_CBOR,
    SPARKPLUG_B,
    THINGSBOARD,
    ALIYUN;

    public static final List<String> WORDS =
        List.of("verge", "senml-json", "senml-cbor", "sparkplug-b", "thingsboard", "aliyun");

    /** The words of the configuration. */
    public static Codec of(String word) {
      return values()[WORDS.indexOf(word)];
    }

    public String word() {
      return WORDS.get(ordinal());
    }
  }

  /** What it takes for a batch to be counted as acked on this uplink, for people. */
  public String delivered() {
    return switch (codec) {
      case VERGE ->
          ackByBroker
              ? "the broker has it (PUBACK); what the back end did is not known"
              : "the back end has committed it (its own ack)";
      case SENML_JSON, SENML_CBOR ->
          "the broker has it and somebody subscribes (PUBACK); Verge hears no more";
      case SPARKPLUG_B ->
          "the broker has handled it"
              + (foreign.host().isEmpty() ? "" : " while the primary host was online")
              + "; Sparkplug has no ack of data";
      case THINGSBOARD -> "the platform's transport has it (PUBACK), before its rule chains";
      case ALIYUN -> "the platform has answered each post with code 200";
    };
  }

  /** Who says that a batch is safe: the back end itself, or only what stands before it. */
  public boolean ackedByBackEnd() {
    return codec == Codec.ALIYUN || codec == Codec.VERGE && !ackByBroker;
  }

  /** Whether what was sent can't be overtaken: one TCP connection that carries whole batches. */
  boolean isInOrder() {
    return codec == Codec.VERGE && !String.valueOf(uri.getScheme()).startsWith("coap");
  }

  /** Whether a broker need not confirm short batches, since the back end acks them. */
  boolean sendsLightly() {
    return isInOrder() && !ackByBroker && line.liveQos() == 0;
  }

  /** Protocol v1 under its own topics, with one server. */
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
        null,
        Foreign.NONE,
        List.of(),
        Line.PLAIN);
  }
}
