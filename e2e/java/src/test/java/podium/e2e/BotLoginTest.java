package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.auth.AuthSession;
import com.symphony.bdk.core.client.ApiClientFactory;
import com.symphony.bdk.core.util.UserIdUtil;
import com.symphony.bdk.gen.api.SessionApi;
import com.symphony.bdk.gen.api.model.UserV2;
import com.symphony.bdk.http.api.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service account logs in with its key and learns who it is. */
class BotLoginTest {

  @ParameterizedTest
  @CsvSource({
      "acme-bot, Acme, " + Pod.ACME_POD_ID,
      "acme-admin, Acme, " + Pod.ACME_POD_ID,
      "globex-bot, Globex, " + Pod.GLOBEX_POD_ID,
      "globex-admin, Globex, " + Pod.GLOBEX_POD_ID,
  })
  void accountLearnsWhoItIs(String account, String company, int podId) throws Exception {
    final UserV2 info = Pod.connect(account).sessions().getSession();

    assertEquals(account, info.getUsername());
    assertEquals(company, info.getCompany());
    assertEquals(UserV2.AccountTypeEnum.SYSTEM, info.getAccountType());
    assertEquals(podId, UserIdUtil.extractTenantId(info.getId()));
    // What people read above the bot's messages: a name, hence neither empty nor the number of the
    // account.
    assertFalse(info.getDisplayName().isBlank());
    assertNotEquals(info.getId().toString(), info.getDisplayName());
  }

  @Test
  void administratorIsToldItsRoles() throws Exception {
    assertTrue(Pod.connect("acme-admin").botInfo().getRoles().contains("USER_PROVISIONING"));
    assertFalse(Pod.connect("acme-bot").botInfo().getRoles().contains("USER_PROVISIONING"));
  }

  @Test
  void oldSessionInfoNamesTheSameUser() throws Exception {
    final SymphonyBdk bdk = Pod.connect("acme-bot");
    final SessionApi sessions = new SessionApi(new ApiClientFactory(bdk.config()).getPodClient());

    assertEquals(bdk.botInfo().getId(), sessions.v1SessioninfoGet(bdk.botSession().getSessionToken()).getUserId());
  }

  @Test
  void sessionTokenTellsWhoseItIs() throws Exception {
    final SymphonyBdk bdk = Pod.connect("acme-bot");

    final JsonNode claims = Jwt.of(bdk.botSession().getSessionToken()).claims();

    assertEquals("acme-bot", claims.required("sub").asText());
    // A string: JavaScript clients read it, and would round a large number.
    assertTrue(claims.required("userId").isTextual());
    assertEquals(bdk.botInfo().getId().toString(), claims.required("userId").asText());
  }

  @Test
  void botGetsAKeyManagerTokenOfItsOwn() throws Exception {
    final AuthSession session = Pod.connect("acme-bot").botSession();

    assertNotNull(session.getKeyManagerToken());
    assertFalse(session.getKeyManagerToken().isBlank());
    assertNotEquals(session.getSessionToken(), session.getKeyManagerToken());
  }

  @Test
  void tokenOfOneCompanyIsWorthNothingInTheOther() throws Exception {
    final String acmeToken = Pod.connect("acme-bot").botSession().getSessionToken();
    final SessionApi globex = new SessionApi(new ApiClientFactory(Pod.config("globex-bot")).getPodClient());

    assertEquals(401, assertThrows(ApiException.class, () -> globex.v2SessioninfoGet(acmeToken)).getCode());
  }
}
