package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.core.config.model.BdkExtAppConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/**
 * With {@code commonJwt.enabled} the kit calls with the header Authorization alone, and renews it
 * without a new login.
 */
class CommonJwtTest {

  private Wiretap wire;
  private SymphonyBdk bdk;

  @BeforeEach
  void connect() throws Exception {
    this.wire = new Wiretap();
    final BdkConfig config = this.wire.between(Pod.config("acme-bot"));
    config.getCommonJwt().setEnabled(true);
    // The kit refuses to combine the two.
    config.setApp(new BdkExtAppConfig());
    this.bdk = Pod.connect(config);
    this.wire.forget();
  }

  @AfterEach
  void hangUp() {
    this.wire.close();
  }

  @Test
  void callCarriesNothingButAuthorization() {
    assertEquals("acme-bot", this.bdk.sessions().getSession().getUsername());

    assertEquals(List.of("GET /pod/v2/sessioninfo 200"), this.wire.conversation());
    assertFalse(lastRequest().headers().containsKey("sessionToken"));
    assertEquals("Bearer", lastAuthorization().split(" ")[0]);
  }

  @Test
  void refreshIsNoNewLogin() throws Exception {
    final String sessionToken = this.bdk.botSession().getSessionToken();

    this.bdk.botSession().refresh();

    assertEquals(List.of("POST /login/idm/tokens 200"), this.wire.conversation());
    assertEquals(sessionToken, this.bdk.botSession().getSessionToken());
  }

  @Test
  void refreshedTokenIsTakenWithoutTheWordBearer() throws Exception {
    this.bdk.botSession().refresh();

    assertEquals("acme-bot", this.bdk.sessions().getSession().getUsername());
    assertFalse(lastRequest().headers().containsKey("sessionToken"));
    assertFalse(lastAuthorization().contains(" "), lastAuthorization());
  }

  @Test
  void endedSessionIsNoticedAndReplaced() throws Exception {
    final String oldToken = this.bdk.botSession().getSessionToken();
    new Administrator().endAllSessions(this.bdk.botInfo().getId());

    assertEquals("acme-bot", this.bdk.sessions().getSession().getUsername());

    assertNotEquals(oldToken, this.bdk.botSession().getSessionToken());
    assertEquals(List.of(
        "GET /pod/v2/sessioninfo 401",
        "POST /login/idm/tokens 401",
        "POST /login/pubkey/authenticate 200",
        "POST /relay/pubkey/authenticate 200",
        "GET /pod/v2/sessioninfo 200"), this.wire.conversation());
  }

  private Wiretap.Exchange lastRequest() {
    final List<Wiretap.Exchange> exchanges = this.wire.exchanges();
    return exchanges.get(exchanges.size() - 1);
  }

  private String lastAuthorization() {
    return lastRequest().headers().getFirst("Authorization");
  }
}
