package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.client.ApiClientFactory;
import com.symphony.bdk.gen.api.AuthenticationApi;
import com.symphony.bdk.gen.api.model.JwtToken;
import com.symphony.bdk.http.api.ApiException;
import org.junit.jupiter.api.Test;

import java.time.Instant;

/** Short-lived access tokens, which stand in for the session token and which others can verify. */
class AccessTokenTest {

  private final AuthenticationApi login = new AuthenticationApi(new ApiClientFactory(Pod.config("acme-bot")).getLoginClient());

  AccessTokenTest() throws Exception {
  }

  @Test
  void accessTokenVerifiesWithThePublishedKeys() throws Exception {
    final SymphonyBdk bdk = Pod.connect("acme-bot");

    // Empty is the scope which this kit always asks for.
    final JwtToken token = this.login.idmTokensPost(bdk.botSession().getSessionToken(), "");

    final JsonNode claims = Jwt.of(token.getAccessToken()).verifiedClaims(this.login.idmKeysGet());
    assertEquals(bdk.botInfo().getId().toString(), claims.required("sub").asText());
    assertEquals("Bearer", token.getTokenType());
    final long life = claims.required("exp").asLong() - Instant.now().getEpochSecond();
    assertTrue(Math.abs(life - token.getExpiresIn()) < 5, "expires_in and exp tell two different times");
  }

  @Test
  void loginAnswersAnAccessTokenTooAndTheKitCanReadIt() throws Exception {
    // The kit reads exp at every login, with a decoder that knows the plain base64 alphabet only.
    final SymphonyBdk bdk = Pod.connect("acme-bot");

    final String authorization = bdk.botSession().getAuthorizationToken();

    assertTrue(authorization.startsWith("Bearer "), authorization);
    final JsonNode claims = Jwt.of(authorization.substring("Bearer ".length())).verifiedClaims(this.login.idmKeysGet());
    assertEquals(bdk.botInfo().getId().toString(), claims.required("sub").asText());
  }

  @Test
  void deadSessionGetsNoAccessToken() {
    // The kit with common JWT relies on it to notice that it has to log in again.
    assertEquals(401, assertThrows(ApiException.class, () -> this.login.idmTokensPost("not.a.session", "")).getCode());
  }
}
