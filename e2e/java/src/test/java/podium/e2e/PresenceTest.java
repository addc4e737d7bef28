package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.OboServices;
import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.service.presence.OboPresenceService;
import com.symphony.bdk.core.service.presence.constant.PresenceStatus;
import com.symphony.bdk.gen.api.model.V2Presence;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Bots set and read presence, their own, others', everybody's, and from feeds. */
class PresenceTest {

  private SymphonyBdk bot;
  private SymphonyBdk admin;
  private long botId;
  private long adminId;

  @BeforeEach
  void connect() throws Exception {
    this.bot = Pod.connect("acme-bot");
    this.admin = Pod.connect("acme-admin");
    this.botId = this.bot.botInfo().getId();
    this.adminId = this.admin.botInfo().getId();
  }

  @ParameterizedTest
  @EnumSource(PresenceStatus.class)
  void everyStatusTheKitKnowsCanBeSet(PresenceStatus status) {
    assertEquals(status.name(), this.bot.presences().setPresence(status, false).getCategory());

    final V2Presence own = this.bot.presences().getPresence();
    assertEquals(status.name(), own.getCategory());
    assertEquals(this.botId, own.getUserId());
    assertTrue(Math.abs(own.getTimestamp() - System.currentTimeMillis()) < 3_600_000);
  }

  @Test
  void softStatusWaitsForItsUser() {
    this.admin.presences().setPresence(PresenceStatus.BUSY, null); // the bot reads a datafeed: it is there

    assertEquals("OFFLINE", this.admin.presences().setPresence(PresenceStatus.AVAILABLE, true).getCategory());
  }

  @Test
  void colleaguesSeeEachOther() {
    this.bot.presences().setPresence(PresenceStatus.IN_A_MEETING, false);

    assertEquals("IN_A_MEETING", this.admin.presences().getUserPresence(this.botId, true).getCategory());
    assertEquals("IN_A_MEETING", this.admin.presences().getUserPresence(this.botId, null).getCategory());
  }

  @Test
  void administratorSetsSomebodyElsesAndOthersMayNot() {
    assertEquals(this.botId, this.admin.presences().setUserPresence(this.botId, PresenceStatus.ON_THE_PHONE, false).getUserId());

    assertEquals("ON_THE_PHONE", this.bot.presences().getPresence().getCategory());
    assertEquals(403, assertThrows(ApiRuntimeException.class,
        () -> this.bot.presences().setUserPresence(this.adminId, PresenceStatus.AWAY, true)).getCode());
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> this.bot.presences().listPresences(null, null)).getCode());
  }

  @Test
  void administratorReadsEverybodysInPages() {
    this.bot.presences().setPresence(PresenceStatus.AWAY, false);
    this.admin.presences().setPresence(PresenceStatus.BUSY, false);

    final Map<Long, String> everybody = people(this.admin.presences().listPresences(null, null));

    assertEquals("AWAY", everybody.get(this.botId));
    final Map<Long, String> paged = new TreeMap<>();
    Long last = null;
    for (List<V2Presence> page; (page = this.admin.presences().listPresences(last, 2)).size() == 2; last = page.get(1).getUserId()) {
      paged.putAll(people(page));
    }
    paged.putAll(people(this.admin.presences().listPresences(last, 2)));
    assertEquals(everybody, paged);
  }

  @Test
  void feedTellsWhatChanged() {
    this.bot.presences().setPresence(PresenceStatus.AVAILABLE, false);
    final String feed = this.admin.presences().createPresenceFeed();

    this.bot.presences().setPresence(PresenceStatus.BUSY, false);
    this.bot.presences().setPresence(PresenceStatus.AWAY, false);

    assertEquals("AWAY", people(this.admin.presences().readPresenceFeed(feed)).get(this.botId));
    assertFalse(people(this.admin.presences().readPresenceFeed(feed)).containsKey(this.botId));
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> this.bot.presences().readPresenceFeed(feed)).getCode());
    assertEquals(feed, this.admin.presences().deletePresenceFeed(feed));
    assertEquals(400, assertThrows(ApiRuntimeException.class, () -> this.admin.presences().readPresenceFeed(feed)).getCode());
  }

  @Test
  void otherCompanySeesItWhenConnectedAndInterested() throws Exception {
    final SymphonyBdk stranger = Pod.connect("globex-bot");
    final long strangerId = stranger.botInfo().getId();
    stranger.presences().setPresence(PresenceStatus.BE_RIGHT_BACK, false);
    assertEquals(403, assertThrows(ApiRuntimeException.class,
        () -> this.bot.presences().externalPresenceInterest(List.of(strangerId))).getCode());
    assertEquals("OFFLINE", this.bot.presences().getUserPresence(strangerId, true).getCategory());

    this.bot.connections().createConnection(strangerId);
    stranger.connections().acceptConnection(this.botId);
    try {
      assertEquals("OFFLINE", this.bot.presences().getUserPresence(strangerId, false).getCategory());
      this.bot.presences().externalPresenceInterest(List.of(strangerId));
      assertEquals("AWAY", this.bot.presences().getUserPresence(strangerId, false).getCategory());
    } finally {
      this.bot.connections().removeConnection(strangerId);
    }
  }

  @Test
  void applicationActsForItsUser() throws Exception {
    final OboPresenceService alice = this.bot.obo(this.bot.obo("alice")).presences();

    alice.setPresence(PresenceStatus.OUT_OF_OFFICE, false);

    assertEquals("OUT_OF_OFFICE", alice.getPresence().getCategory());
    this.bot.presences().setPresence(PresenceStatus.IN_A_MEETING, false);
    assertEquals("IN_A_MEETING", alice.getUserPresence(this.botId, true).getCategory());
  }

  @Test
  void applicationReadsFeedsForItsUser() throws Exception {
    final OboPresenceService alice = this.bot.obo(this.bot.obo("alice")).presences();
    this.bot.presences().setPresence(PresenceStatus.AVAILABLE, false);
    final String feed = alice.createPresenceFeed();

    this.bot.presences().setPresence(PresenceStatus.BUSY, false);

    assertEquals("BUSY", people(alice.readPresenceFeed(feed)).get(this.botId));
    // It is hers, and not of the bot whose application has made it.
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> this.bot.presences().readPresenceFeed(feed)).getCode());
    assertEquals(feed, alice.deletePresenceFeed(feed));
    assertEquals(400, assertThrows(ApiRuntimeException.class, () -> alice.readPresenceFeed(feed)).getCode());
  }

  @Test
  void applicationIsInterestedForItsUser() throws Exception {
    final OboServices alice = this.bot.obo(this.bot.obo("alice"));
    final long aliceId = alice.sessions().getSession().getId();
    final SymphonyBdk stranger = Pod.connect("globex-bot");
    final long strangerId = stranger.botInfo().getId();
    stranger.presences().setPresence(PresenceStatus.BE_RIGHT_BACK, false);
    assertEquals(403, assertThrows(ApiRuntimeException.class,
        () -> alice.presences().externalPresenceInterest(List.of(strangerId))).getCode());

    stranger.connections().createConnection(aliceId);
    alice.connections().acceptConnection(strangerId);
    try {
      alice.presences().externalPresenceInterest(List.of(strangerId));
      assertEquals("AWAY", alice.presences().getUserPresence(strangerId, false).getCategory());
    } finally {
      alice.connections().removeConnection(strangerId);
    }
  }

  /** An application may what its user may: everybody's presence is an administrator's business. */
  @Test
  void applicationAdministersForAnAdministrator() throws Exception {
    final OboPresenceService alice = this.bot.obo(this.bot.obo("alice")).presences();
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> alice.listPresences(null, null)).getCode());
    assertEquals(403, assertThrows(ApiRuntimeException.class,
        () -> alice.setUserPresence(this.botId, PresenceStatus.AWAY, false)).getCode());
    final OboPresenceService provisioner = this.bot.obo(this.bot.obo(Accounts.provisioner(this.admin))).presences();

    final V2Presence set = provisioner.setUserPresence(this.botId, PresenceStatus.ON_THE_PHONE, false);

    assertEquals("ON_THE_PHONE", set.getCategory());
    assertEquals("ON_THE_PHONE", this.bot.presences().getPresence().getCategory());
    assertEquals("ON_THE_PHONE", people(provisioner.listPresences(this.botId, 1)).get(this.botId));
  }

  private static Map<Long, String> people(List<V2Presence> presences) {
    return presences.stream().collect(Collectors.toMap(V2Presence::getUserId, V2Presence::getCategory, (a, b) -> b, TreeMap::new));
  }
}
