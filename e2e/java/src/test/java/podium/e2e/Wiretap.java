package podium.e2e;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.symphony.bdk.core.config.model.BdkCertificateConfig;
import com.symphony.bdk.core.config.model.BdkConfig;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Listens between the kit and Acme. Some promises are about the conversation and not about its
 * outcome: a refused login is not tried again, a call carries one header and not another. Every
 * request is passed on unchanged and remembered.
 */
final class Wiretap implements AutoCloseable {

  /** These describe one connection and not the request; each side makes its own. */
  private static final Set<String> HOP_BY_HOP =
      Set.of("host", "connection", "keep-alive", "transfer-encoding", "content-length", "upgrade", "http2-settings");

  record Exchange(String request, int status, Headers headers) {
    @Override
    public String toString() {
      return request + " " + status;
    }
  }

  private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final HttpClient client;
  private final String target;

  Wiretap() throws Exception {
    this.target = Pod.acmeUrl();
    this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(trust()).build();
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    this.server.createContext("/", this::passOn);
    this.server.start();
  }

  /** Makes a kit with this configuration talk to the pod through the wiretap. */
  BdkConfig between(BdkConfig config) {
    config.setScheme("http");
    config.setHost(this.server.getAddress().getAddress().getHostAddress());
    config.setPort(this.server.getAddress().getPort());
    return config;
  }

  List<Exchange> exchanges() {
    return List.copyOf(this.exchanges);
  }

  /** The conversation in short: {@code POST /login/pubkey/authenticate 401}. */
  List<String> conversation() {
    return this.exchanges.stream().map(Exchange::toString).toList();
  }

  void forget() {
    this.exchanges.clear();
  }

  @Override
  public void close() {
    this.server.stop(0);
  }

  private void passOn(HttpExchange exchange) throws IOException {
    try (exchange) {
      final HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.target + exchange.getRequestURI()))
          .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
      exchange.getRequestHeaders().forEach((name, values) -> {
        if (isEndToEnd(name)) {
          values.forEach(value -> request.header(name, value));
        }
      });

      final HttpResponse<byte[]> answer = this.client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());

      this.exchanges.add(new Exchange(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
          answer.statusCode(), exchange.getRequestHeaders()));
      answer.headers().map().forEach((name, values) -> {
        if (isEndToEnd(name)) {
          exchange.getResponseHeaders().put(name, values);
        }
      });
      // The JDK's server takes 0 for "of unknown length" and -1 for "none".
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
      if (answer.body().length > 0) {
        exchange.getResponseBody().write(answer.body());
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static boolean isEndToEnd(String name) {
    return !HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Trusts whom the kit is told to trust. */
  static SSLContext trust() throws Exception {
    final BdkCertificateConfig store = Pod.config("acme-bot").getSsl().getCertificateConfig();
    if (!store.isConfigured()) {
      return SSLContext.getDefault();
    }
    final KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(new ByteArrayInputStream(store.getCertificateBytes()), store.getPassword().toCharArray());
    final TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    final SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
