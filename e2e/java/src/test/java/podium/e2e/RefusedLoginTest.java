package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.symphony.bdk.core.auth.exception.AuthUnauthorizedException;
import com.symphony.bdk.core.config.model.BdkConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/**
 * Who cannot prove who he is stays outside, and is told so at once: the kit tries again when the
 * pod seems to be in trouble, and gives up when it is told 401. So every refusal is counted:
 * exactly one login request.
 */
class RefusedLoginTest {

  private static final List<String> ONE_REFUSED_LOGIN = List.of("POST /login/pubkey/authenticate 401");

  private Wiretap wire;

  @BeforeEach
  void listen() throws Exception {
    this.wire = new Wiretap();
  }

  @AfterEach
  void hangUp() {
    this.wire.close();
  }

  @Test
  void wrongKeyIsRefusedAtOnce() throws Exception {
    final BdkConfig config = this.wire.between(Pod.config("acme-bot"));
    config.getBot().setPrivateKey(Pod.key("acme-admin"));

    assertThrows(AuthUnauthorizedException.class, () -> Pod.connect(config));

    assertEquals(ONE_REFUSED_LOGIN, this.wire.conversation());
  }

  @Test
  void unknownUserIsRefusedAtOnce() throws Exception {
    final BdkConfig config = this.wire.between(Pod.config("acme-bot"));
    config.getBot().setUsername("unknown");

    assertThrows(AuthUnauthorizedException.class, () -> Pod.connect(config));

    assertEquals(ONE_REFUSED_LOGIN, this.wire.conversation());
  }

  @Test
  void accountOfAnotherCompanyIsRefusedAtOnce() throws Exception {
    // The wiretap leads to Acme, where Globex's bot is unknown.
    final BdkConfig config = this.wire.between(Pod.config("globex-bot"));

    assertThrows(AuthUnauthorizedException.class, () -> Pod.connect(config));

    assertEquals(ONE_REFUSED_LOGIN, this.wire.conversation());
  }
}
