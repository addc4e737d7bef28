package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.service.connection.OboConnectionService;
import com.symphony.bdk.core.service.connection.constant.ConnectionStatus;
import com.symphony.bdk.gen.api.model.UserConnection;
import com.symphony.bdk.gen.api.model.UserConnection.StatusEnum;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Users of two companies connect, and see it each from the own side. */
class ConnectionTest {

  private SymphonyBdk acmeBot;
  private OboConnectionService acme;
  private OboConnectionService globex;
  private long acmeId;
  private long globexId;

  @BeforeEach
  void begin() throws Exception {
    this.acmeBot = Pod.connect("acme-bot");
    final SymphonyBdk globexBot = Pod.connect("globex-bot");
    this.acme = this.acmeBot.connections();
    this.globex = globexBot.connections();
    this.acmeId = this.acmeBot.botInfo().getId();
    this.globexId = globexBot.botInfo().getId();
    part();
  }

  /**
   * Leaves nothing between the two: what was asked is refused, and then waits again, to be
   * withdrawn.
   */
  @AfterEach
  void part() {
    for (int tries = 0; tries < 4 && seenBy(this.acme, this.globexId) != null; tries++) {
      try {
        (tries % 2 == 0 ? this.acme : this.globex).removeConnection(tries % 2 == 0 ? this.globexId : this.acmeId);
      } catch (ApiRuntimeException refusal) {
        assertEquals(400, refusal.getCode());
      }
    }
    assertNull(seenBy(this.acme, this.globexId));
  }

  @Test
  void requestIsSeenFromBothSides() {
    final UserConnection sent = this.acme.createConnection(this.globexId);

    assertEquals(this.globexId, sent.getUserId());
    assertEquals(StatusEnum.PENDING_OUTGOING, sent.getStatus());
    assertEquals(1, sent.getRequestCounter());
    assertTrue(sent.getFirstRequestedAt() > 1_600_000_000_000L);
    assertEquals(StatusEnum.PENDING_INCOMING, seenBy(this.globex, this.acmeId));
    assertEquals(StatusEnum.PENDING_INCOMING, listed(this.globex.listConnections(ConnectionStatus.PENDING_INCOMING, null)).get(this.acmeId));
    // Without a status the kit leaves the parameter out: what is pending.
    assertEquals(StatusEnum.PENDING_OUTGOING, listed(this.acme.listConnections(null, List.of(this.globexId))).get(this.globexId));
  }

  @Test
  void requestIsAcceptedAndTheConnectionRemoved() {
    this.acme.createConnection(this.globexId);

    assertEquals(StatusEnum.ACCEPTED, this.globex.acceptConnection(this.acmeId).getStatus());

    assertEquals(StatusEnum.ACCEPTED, seenBy(this.acme, this.globexId));
    this.acme.removeConnection(this.globexId);
    assertNull(seenBy(this.globex, this.acmeId));
  }

  @Test
  void requestIsRefusedAndRepeated() {
    this.acme.createConnection(this.globexId);

    assertEquals(StatusEnum.REJECTED, this.globex.rejectConnection(this.acmeId).getStatus());

    assertEquals(StatusEnum.REJECTED, seenBy(this.acme, this.globexId));
    assertEquals(2, this.acme.createConnection(this.globexId).getRequestCounter());
  }

  @Test
  void onlyWhoWasAskedAnswers() {
    this.acme.createConnection(this.globexId);

    assertEquals(400, assertThrows(ApiRuntimeException.class, () -> this.acme.acceptConnection(this.globexId)).getCode());
  }

  @Test
  void colleaguesAreConnectedWithoutAsking() throws Exception {
    final long colleague = Pod.connect("acme-admin").botInfo().getId();

    assertEquals(StatusEnum.ACCEPTED, seenBy(this.acme, colleague));
    assertNull(this.acme.getConnection(colleague).getFirstRequestedAt());
    assertEquals(Map.of(colleague, StatusEnum.ACCEPTED),
        listed(this.acme.listConnections(ConnectionStatus.ACCEPTED, List.of(colleague, this.acmeId))));
  }

  @Test
  void applicationConnectsItsUser() throws Exception {
    final OboConnectionService alice = this.acmeBot.obo(this.acmeBot.obo("alice")).connections();
    final long aliceId = this.acmeBot.obo(this.acmeBot.obo("alice")).sessions().getSession().getId();

    alice.createConnection(this.globexId);
    this.globex.acceptConnection(aliceId);

    assertEquals(StatusEnum.ACCEPTED, seenBy(alice, this.globexId));
    assertEquals(Map.of(this.globexId, StatusEnum.ACCEPTED),
        listed(alice.listConnections(ConnectionStatus.ACCEPTED, List.of(this.globexId))));
    alice.removeConnection(this.globexId);
    assertNull(seenBy(alice, this.globexId));
  }

  @Test
  void applicationAnswersForItsUser() throws Exception {
    final OboConnectionService alice = this.acmeBot.obo(this.acmeBot.obo("alice")).connections();
    final long aliceId = this.acmeBot.obo(this.acmeBot.obo("alice")).sessions().getSession().getId();
    this.globex.createConnection(aliceId);
    assertEquals(StatusEnum.PENDING_INCOMING, seenBy(alice, this.globexId));

    assertEquals(StatusEnum.REJECTED, alice.rejectConnection(this.globexId).getStatus());
    assertEquals(StatusEnum.REJECTED, seenBy(this.globex, aliceId));
    assertEquals(2, this.globex.createConnection(aliceId).getRequestCounter());

    assertEquals(StatusEnum.ACCEPTED, alice.acceptConnection(this.globexId).getStatus());
    assertEquals(StatusEnum.ACCEPTED, seenBy(this.globex, aliceId));
    alice.removeConnection(this.globexId);
    assertNull(seenBy(this.globex, aliceId));
  }

  /** The status of the connection with another, or null where there is none. */
  private static StatusEnum seenBy(OboConnectionService one, long other) {
    try {
      return one.getConnection(other).getStatus();
    } catch (ApiRuntimeException refusal) {
      assertEquals(404, refusal.getCode());
      return null;
    }
  }

  private static Map<Long, StatusEnum> listed(List<UserConnection> connections) {
    return connections.stream().collect(Collectors.toMap(UserConnection::getUserId, UserConnection::getStatus));
  }
}
