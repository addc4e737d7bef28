package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.auth.AuthSession;
import com.symphony.bdk.core.auth.exception.AuthUnauthorizedException;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.core.util.UserIdUtil;
import com.symphony.bdk.gen.api.model.UserV2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** An application acts for a person who has installed it. */
class OnBehalfOfTest {

  private static final long NOT_A_USER = ((long) Pod.ACME_POD_ID << 36) + 99_999_999;

  @ParameterizedTest
  @ValueSource(strings = {"alice", "bob"})
  void applicationActsForAUserByName(String username) throws Exception {
    final SymphonyBdk bdk = Pod.connect("acme-bot");

    final UserV2 user = bdk.obo(bdk.obo(username)).sessions().getSession();

    assertEquals(username, user.getUsername());
    assertEquals(username + "@acme.example", user.getEmailAddress());
    assertEquals(UserV2.AccountTypeEnum.NORMAL, user.getAccountType());
    assertFalse(user.getDisplayName().isBlank());
    assertEquals(Pod.ACME_POD_ID, UserIdUtil.extractTenantId(user.getId()));
  }

  @Test
  void applicationActsForAUserById() throws Exception {
    final SymphonyBdk bdk = Pod.connect("acme-bot");
    final UserV2 alice = bdk.obo(bdk.obo("alice")).sessions().getSession();

    final UserV2 user = bdk.obo(bdk.obo(alice.getId())).sessions().getSession();

    assertEquals(alice.getId(), user.getId());
    assertEquals("alice", user.getUsername());
  }

  @Test
  void personWhoHasNotInstalledItIsOutOfReach() throws Exception {
    try (Wiretap wire = new Wiretap()) {
      final SymphonyBdk bdk = Pod.connect(wire.between(Pod.config("acme-bot")));
      wire.forget();

      assertThrows(AuthUnauthorizedException.class, () -> bdk.obo("carol"));

      assertEquals(List.of(
          "POST /login/pubkey/app/authenticate 200",
          "POST /login/pubkey/app/username/carol/authenticate 401"), wire.conversation());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown", "dave"})
  void unknownNameIsRefused(String username) throws Exception {
    // Dave exists, but at Globex: for Acme's application that is the same as not at all.
    final SymphonyBdk bdk = Pod.connect("acme-bot");

    assertThrows(AuthUnauthorizedException.class, () -> bdk.obo(username));
  }

  @Test
  void unknownIdIsRefused() throws Exception {
    final SymphonyBdk bdk = Pod.connect("acme-bot");

    assertThrows(AuthUnauthorizedException.class, () -> bdk.obo(NOT_A_USER));
  }

  @Test
  void applicationWithAWrongKeyIsRefused() throws Exception {
    final BdkConfig config = Pod.config("acme-bot");
    config.getApp().setPrivateKey(Pod.key("acme-bot"));
    final SymphonyBdk bdk = Pod.connect(config);

    assertThrows(AuthUnauthorizedException.class, () -> bdk.obo("alice"));
  }

  @Test
  void sessionForAUserRenewsItself() throws Exception {
    final SymphonyBdk bdk = Pod.connect("acme-bot");
    final AuthSession session = bdk.obo("alice");
    final String oldToken = session.getSessionToken();
    final UserV2 alice = bdk.obo(session).sessions().getSession();

    new Administrator().endAllSessions(alice.getId());

    assertEquals(alice.getId(), bdk.obo(session).sessions().getSession().getId());
    assertNotEquals(oldToken, session.getSessionToken());
  }
}
