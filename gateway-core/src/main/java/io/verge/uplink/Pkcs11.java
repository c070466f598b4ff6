package io.verge.uplink;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Private keys that stay on a token (a secure element, a TPM behind its module, a smart card), by
 * PKCS #11. One is named by a URI of RFC 7512, for example {@code
 * pkcs11:slot-id=1;object=gateway?module-path=/usr/lib/libtpm2_pkcs11.so&pin-value=1234}. The token
 * must hold a certificate of the same label, or Java does not find the key.
 */
final class Pkcs11 {
  static final String SCHEME = "pkcs11:";

  private static final Set<String> KNOWN =
      Set.of("slot-id", "object", "type", "module-path", "pin-value");

  /** What stands in a line of the provider's configuration as it is. */
  private static final String MODULE = "/[A-Za-z0-9._/+-]{1,250}";

  private static final Map<String, KeyStore> TOKENS = new HashMap<>();

  private Pkcs11() {}

  /**
   * The key of a URI; the token stays open for the next time.
   *
   * @throws IOException if the module, the token or the key is not there, or the PIN is not right.
   */
  static PrivateKey key(String uri) throws IOException {
    Map<String, String> parts = parts(uri);
    String object = parts.getOrDefault("object", "");
    try {
      KeyStore token = token(parts);
      Key key = token.getKey(object, null);
      if (key instanceof PrivateKey found) {
        return found;
      }
      throw new IOException(
          "the token has no private key with a certificate labelled \""
              + object
              + "\"; it has "
              + Collections.list(token.aliases()));
    } catch (GeneralSecurityException | ProviderException e) {
      forget(parts);
      throw new IOException("PKCS #11: " + why(e), e);
    }
  }

  private static String why(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static Map<String, String> parts(String uri) throws IOException {
    String[] halves = uri.substring(SCHEME.length()).split("\\?", 2);
    Map<String, String> parts = new LinkedHashMap<>();
    add(parts, halves[0], ";");
    add(parts, halves.length > 1 ? halves[1] : "", "&");
    if (!parts.getOrDefault("module-path", "").matches(MODULE)) {
      throw new IOException("a pkcs11: address needs ?module-path=/usr/lib/…/module.so");
    }
    if (!parts.getOrDefault("slot-id", "0").matches("[0-9]{1,10}")) {
      throw new IOException("slot-id is a number; see: pkcs11-tool --list-slots");
    }
    return parts;
  }

  private static void add(Map<String, String> parts, String text, String separator)
      throws IOException {
    for (String part : text.split(separator)) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      if (!part.isEmpty() && !KNOWN.contains(name)) {
        throw new IOException("a pkcs11: address takes " + KNOWN + ", not \"" + name + "\"");
      }
      if (equals > 0) {
        String value = part.substring(equals + 1).replace("+", "%2B");
        parts.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
  }

  private static String place(Map<String, String> parts) {
    String slot = parts.get("slot-id");
    return "library = "
        + parts.get("module-path")
        + "\n"
        + (slot == null ? "slotListIndex = 0" : "slot = " + slot)
        + "\n";
  }

  private static KeyStore token(Map<String, String> parts)
      throws IOException, GeneralSecurityException {
    synchronized (TOKENS) {
      KeyStore open = TOKENS.get(place(parts));
      if (open != null) {
        return open;
      }
      Provider base = Security.getProvider("SunPKCS11");
      if (base == null) {
        throw new IOException("this Java runtime has no PKCS #11 (module jdk.crypto.cryptoki)");
      }
      Provider provider = base.configure("--name = verge" + TOKENS.size() + "\n" + place(parts));
      KeyStore token = KeyStore.getInstance("PKCS11", provider);
      String pin = parts.get("pin-value");
      token.load(null, pin == null ? null : pin.toCharArray());
      // Last: it signs with the keys that are its own, and does nothing else.
      Security.addProvider(provider);
      TOKENS.put(place(parts), token);
      return token;
    }
  }

  /** A token that failed is opened anew the next time. */
  private static void forget(Map<String, String> parts) {
    synchronized (TOKENS) {
      KeyStore token = TOKENS.remove(place(parts));
      if (token != null) {
        Security.removeProvider(token.getProvider().getName());
      }
    }
  }
}
