package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.auth.AppAuthSession;
import com.symphony.bdk.core.auth.AuthenticatorFactory;
import com.symphony.bdk.core.auth.ExtensionAppAuthenticator;
import com.symphony.bdk.core.auth.exception.AuthInitializationException;
import com.symphony.bdk.core.auth.exception.AuthUnauthorizedException;
import com.symphony.bdk.core.auth.jwt.JwtHelper;
import com.symphony.bdk.core.client.ApiClientFactory;
import com.symphony.bdk.core.config.model.BdkConfig;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** An application inside the client and its own server find out that they belong together. */
class ExtensionAppTest {

  @Test
  void applicationExchangesTokensWithThePod() throws Exception {
    final ExtensionAppAuthenticator apps = authenticator(Pod.config("acme-bot"));

    final AppAuthSession session = apps.authenticateExtensionApp("token-of-the-app");

    assertEquals("token-of-the-app", session.getAppToken());
    assertFalse(session.getSymphonyToken().isBlank());
    // Milliseconds; read as seconds this would be thousands of years away.
    final Instant end = Instant.ofEpochMilli(session.expireAt());
    assertTrue(end.isAfter(Instant.now()) && end.isBefore(Instant.now().plus(Duration.ofDays(31))), end.toString());
    assertTrue(apps.validateTokens("token-of-the-app", session.getSymphonyToken()));
    assertFalse(apps.validateTokens("token-of-another", session.getSymphonyToken()));
  }

  @Test
  void applicationWithAWrongKeyIsRefused() throws Exception {
    final BdkConfig config = Pod.config("acme-bot");
    config.getApp().setPrivateKey(Pod.key("acme-bot"));
    final ExtensionAppAuthenticator apps = authenticator(config);

    assertThrows(AuthUnauthorizedException.class, () -> apps.authenticateExtensionApp("token-of-the-app"));
  }

  @Test
  void podCertificateIsOneGoodCertificate() throws Exception {
    final String pem = authenticator(Pod.config("acme-bot")).getPodCertificate().getCertificate();

    final Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));

    // One and not a chain: the kit decodes all between the first and the last line as one.
    assertEquals(1, certificates.size());
    final X509Certificate certificate = (X509Certificate) certificates.iterator().next();
    certificate.checkValidity();
    assertTrue(assertInstanceOf(RSAPublicKey.class, certificate.getPublicKey()).getModulus().bitLength() >= 2048);
  }

  @Test
  void kitCanCheckSignaturesWithThePodCertificate() throws Exception {
    final BdkConfig config = Pod.config("acme-bot");
    final String key = Files.readString(Path.of(config.getBot().getPrivateKey().getPath()));
    final String impostor = JwtHelper.createSignedJwt("acme-bot", 60_000, JwtHelper.parseRsaPrivateKey(key));

    final AuthInitializationException refusal =
        assertThrows(AuthInitializationException.class, () -> authenticator(config).validateJwt(impostor));

    // The kit uses the same exception for a certificate which it cannot read.
    assertEquals("Unable to validate JWT", refusal.getMessage());
  }

  private static ExtensionAppAuthenticator authenticator(BdkConfig config) throws Exception {
    return new AuthenticatorFactory(config, new ApiClientFactory(config)).getExtensionAppAuthenticator();
  }
}
