package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.auth.AppAuthSession;
import com.symphony.bdk.core.auth.exception.AuthUnauthorizedException;
import com.symphony.bdk.core.client.ApiClientFactory;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.core.config.model.BdkRsaKeyConfig;
import com.symphony.bdk.core.util.UserIdUtil;
import com.symphony.bdk.gen.api.CertificateAuthenticationApi;
import com.symphony.bdk.gen.api.PodApi;
import com.symphony.bdk.gen.api.model.UserV2;
import com.symphony.bdk.http.api.ApiException;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Login by TLS client certificate; run only where the pod speaks TLS. */
@Tag("certificate")
class CertificateLoginTest {

  private static final String BY_CERTIFICATE = "acme-bot-certificate";

  @Test
  void botLogsInByCertificate() throws Exception {
    final SymphonyBdk bdk = Pod.connect(BY_CERTIFICATE);

    final UserV2 info = bdk.sessions().getSession();

    assertEquals("acme-bot", info.getUsername());
    assertEquals(Pod.ACME_POD_ID, UserIdUtil.extractTenantId(info.getId()));
    assertFalse(bdk.botSession().getKeyManagerToken().isBlank());
    assertNotEquals(bdk.botSession().getSessionToken(), bdk.botSession().getKeyManagerToken());
  }

  @Test
  void certificateAndKeyNameTheSameAccount() throws Exception {
    assertEquals(Pod.connect("acme-bot").botInfo().getId(), Pod.connect(BY_CERTIFICATE).botInfo().getId());
  }

  @Test
  void botLogsInAgainByItself() throws Exception {
    final SymphonyBdk bdk = Pod.connect(BY_CERTIFICATE);
    final String oldToken = bdk.botSession().getSessionToken();

    new Administrator().endAllSessions(bdk.botInfo().getId());

    assertEquals("acme-bot", bdk.sessions().getSession().getUsername());
    assertNotEquals(oldToken, bdk.botSession().getSessionToken());
  }

  @Test
  void withoutACertificateNobodyLogsIn() throws Exception {
    // A client for the same address, made by the kit without the certificate.
    final CertificateAuthenticationApi bare =
        new CertificateAuthenticationApi(new ApiClientFactory(Pod.config("acme-bot")).getPodClient("/sessionauth"));

    assertEquals(401, assertThrows(ApiException.class, bare::v1AuthenticatePost).getCode());
  }

  @Test
  void certificateOfAnotherCompanyIsGoodOnlyThere() throws Exception {
    final BdkConfig abroad = Pod.config(BY_CERTIFICATE);
    abroad.getBot().getCertificate().setPath(Pod.certificate("globex-bot"));
    final BdkConfig atHome = Pod.config("globex-bot");
    atHome.getBot().setPrivateKey(new BdkRsaKeyConfig());
    atHome.getBot().setCertificate(abroad.getBot().getCertificate());

    final UserV2 info = Pod.connect(atHome).botInfo();
    assertEquals("globex-bot", info.getUsername());
    assertEquals(Pod.GLOBEX_POD_ID, UserIdUtil.extractTenantId(info.getId()));

    assertThrows(AuthUnauthorizedException.class, () -> Pod.connect(abroad));
  }

  @Test
  void applicationActsForAUser() throws Exception {
    final SymphonyBdk bdk = Pod.connect(BY_CERTIFICATE);

    final UserV2 byName = bdk.obo(bdk.obo("alice")).sessions().getSession();
    final UserV2 byId = bdk.obo(bdk.obo(byName.getId())).sessions().getSession();

    assertEquals("alice", byName.getUsername());
    assertEquals(byName.getId(), byId.getId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"carol", "unknown"})
  void personWhoHasNotInstalledItIsOutOfReach(String username) throws Exception {
    final SymphonyBdk bdk = Pod.connect(BY_CERTIFICATE);

    final Exception refusal = assertThrows(Exception.class, () -> bdk.obo(username));

    // 401 is one exception, 403 (and 404 of an unknown name, which the old operations may say)
    // another.
    assertTrue(refusal instanceof AuthUnauthorizedException
        || refusal instanceof ApiRuntimeException other && List.of(403, 404).contains(other.getCode()), refusal.toString());
  }

  @Test
  void extensionApplicationLogsInByCertificate() throws Exception {
    final SymphonyBdk bdk = Pod.connect(BY_CERTIFICATE);

    final AppAuthSession session = bdk.appAuthenticator().authenticateExtensionApp("token-of-the-app");

    assertEquals("token-of-the-app", session.getAppToken());
    assertTrue(bdk.appAuthenticator().validateTokens("token-of-the-app", session.getSymphonyToken()));
  }

  @Test
  void podCertificateIsTheSameOnBothWays() throws Exception {
    final SymphonyBdk bdk = Pod.connect(BY_CERTIFICATE);
    final PodApi byKey = new PodApi(new ApiClientFactory(bdk.config()).getPodClient());

    assertEquals(byKey.v1PodcertGet().getCertificate().strip(),
        bdk.appAuthenticator().getPodCertificate().getCertificate().strip());
  }

  @Test
  void logoutEndsTheSession() throws Exception {
    final SymphonyBdk bdk = Pod.connect(BY_CERTIFICATE);
    final String token = bdk.botSession().getSessionToken();
    final CertificateAuthenticationApi door =
        new CertificateAuthenticationApi(new ApiClientFactory(bdk.config()).getSessionAuthClient());

    assertFalse(door.v1LogoutPost(token).getMessage().isBlank());

    assertEquals(401, assertThrows(ApiException.class, () -> Pod.whoIs(token)).getCode());
  }
}
