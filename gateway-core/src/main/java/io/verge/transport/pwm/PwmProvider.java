package io.verge.transport.pwm;

import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.GpioChip;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** PWM chips: {@code pwm:pwmchip0}, whose lines are its channels. */
public final class PwmProvider implements TransportProvider {
  private static final Path CLASS = Path.of("/sys/class/pwm");

  @Override
  public String scheme() {
    return "pwm";
  }

  @Override
  public boolean hasLines() {
    return true;
  }

  @Override
  public List<String> check(PortUri uri) {
    List<String> wrong = new ArrayList<>();
    if (!uri.place().matches("pwmchip[0-9]{1,4}")) {
      wrong.add("chip '" + uri.place() + "', expected for example pwmchip0; see: ls " + CLASS);
    }
    uri.options().keySet().forEach(key -> wrong.add("unknown option '" + key + "', expected none"));
    return wrong;
  }

  @Override
  public GpioChip openLines(PortUri uri, Ticker ticker) throws TransportException {
    List<String> wrong = check(uri);
    if (!wrong.isEmpty()) {
      throw new TransportException(uri + ": " + wrong.get(0), false);
    }
    return SysfsPwm.open(CLASS.resolve(uri.place()), Sysfs.REAL);
  }

  @Override
  public ByteTransport open(PortUri uri, Ticker ticker) throws TransportException {
    throw new TransportException(uri + " has channels, not bytes", false);
  }
}
