package podium.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.client.ApiClientFactory;
import com.symphony.bdk.core.config.BdkConfigLoader;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.core.config.model.BdkRsaKeyConfig;
import com.symphony.bdk.gen.api.SessionApi;
import com.symphony.bdk.gen.api.model.UserV2;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The running pod, as {@code podium dev} describes it to the author of a bot. Everything comes from
 * the files which the pod writes: the tests know no key and no address of their own.
 */
final class Pod {

  static final int ACME_POD_ID = 190;
  static final int GLOBEX_POD_ID = 191;

  private static final Path DATA = Path.of(System.getenv("PODIUM_E2E_DATA"));

  private Pod() {
  }

  /** Loads a configuration which the pod wrote for this kit, like {@code acme-bot}. */
  static BdkConfig config(String name) throws Exception {
    final BdkConfig config = BdkConfigLoader.loadFromFile(configPath(name));
    // An answer of 5xx or 429 shall fail a test within a second instead of keeping it busy for
    // minutes.
    config.getRetry().setMaxAttempts(3);
    config.getRetry().setMultiplier(1.0);
    config.getRetry().setInitialIntervalMillis(100L);
    config.getRetry().setMaxIntervalMillis(100L);
    return config;
  }

  /**
   * The path of a configuration as the pod wrote it, with the retries that the kit has by
   * default.
   */
  static String configPath(String name) {
    return existing("bdk/java/" + name + ".yaml").toString();
  }

  static SymphonyBdk connect(BdkConfig config) throws Exception {
    return SymphonyBdk.builder().config(config).build();
  }

  static SymphonyBdk connect(String name) throws Exception {
    return connect(config(name));
  }

  /** Asks the pod whose session token this is, without the kit's logging in again. */
  static UserV2 whoIs(String sessionToken) throws Exception {
    return new SessionApi(new ApiClientFactory(config("acme-bot")).getPodClient()).v2SessioninfoGet(sessionToken);
  }

  /** A private key, to replace another one in a configuration. */
  static BdkRsaKeyConfig key(String name) {
    final BdkRsaKeyConfig key = new BdkRsaKeyConfig();
    key.setPath(existing("keys/" + name + ".pem").toString());
    return key;
  }

  /**
   * The path of a key store with a client certificate; the configuration of the bot by
   * certificate tells its password.
   */
  static String certificate(String name) {
    return existing("tls/" + name + ".p12").toString();
  }

  static String acmeUrl() throws Exception {
    final JsonNode bootstrap = new ObjectMapper().readTree(Files.readString(existing("bootstrap.json")));
    return bootstrap.required("podBaseUrl").asText();
  }

  private static Path existing(String name) {
    final Path path = DATA.resolve(name);
    if (!Files.isRegularFile(path)) {
      throw new AssertionError("the pod did not write " + name);
    }
    return path;
  }
}
