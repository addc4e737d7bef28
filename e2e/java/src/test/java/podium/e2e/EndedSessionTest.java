package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.client.ApiClientFactory;
import com.symphony.bdk.http.api.ApiException;
import org.junit.jupiter.api.Test;

import java.util.List;

/** A session can be ended under the one who uses it; the kit then logs in again by itself. */
class EndedSessionTest {

  @Test
  void botLogsInAgainByItself() throws Exception {
    try (Wiretap wire = new Wiretap()) {
      final SymphonyBdk bdk = Pod.connect(wire.between(Pod.config("acme-bot")));
      final String oldToken = bdk.botSession().getSessionToken();

      new Administrator().endAllSessions(bdk.botInfo().getId());
      wire.forget();

      assertEquals(bdk.botInfo().getId(), bdk.sessions().getSession().getId());
      assertNotEquals(oldToken, bdk.botSession().getSessionToken());
      assertEquals(List.of(
          "GET /pod/v2/sessioninfo 401",
          "POST /login/pubkey/authenticate 200",
          "POST /relay/pubkey/authenticate 200",
          "GET /pod/v2/sessioninfo 200"), wire.conversation());
    }
  }

  @Test
  void administratorSeesTheSessionAndEndsJustThatOne() throws Exception {
    final SymphonyBdk bdk = Pod.connect("acme-bot");
    final long userId = bdk.botInfo().getId();
    final String kept = bdk.botSession().getSessionToken();
    final String ended = Pod.connect("acme-bot").botSession().getSessionToken();
    final Administrator admin = new Administrator();
    assertTrue(admin.sessionsOf(userId).containsAll(List.of(sessionId(kept), sessionId(ended))));

    admin.endSession(userId, sessionId(ended));

    assertEquals(401, assertThrows(ApiException.class, () -> Pod.whoIs(ended)).getCode());
    assertEquals(userId, Pod.whoIs(kept).getId());
    assertFalse(admin.sessionsOf(userId).contains(sessionId(ended)));
  }

  @Test
  void botMayNotEndTheSessionsOfOthers() throws Exception {
    final SymphonyBdk bdk = Pod.connect("acme-bot");
    final long adminId = Pod.connect("acme-admin").botInfo().getId();
    final Administrator impostor =
        new Administrator(new ApiClientFactory(bdk.config()).getPodClient(), bdk.botSession().getSessionToken());

    // Not 401: the kits would take that for a dead session and log in over and over again.
    assertEquals(403, assertThrows(ApiException.class, () -> impostor.endAllSessions(adminId)).getCode());
  }

  private static String sessionId(String token) throws Exception {
    return Jwt.of(token).claims().required("sessionId").asText();
  }
}
