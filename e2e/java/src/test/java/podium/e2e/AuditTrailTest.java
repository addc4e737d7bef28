package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.service.pagination.model.CursorPaginationAttribute;
import com.symphony.bdk.gen.api.model.V1AuditTrailInitiatorResponse;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Collectors;

/** What administrators do is in the audit trail. */
class AuditTrailTest {

  private static final long DAY = 24L * 60 * 60 * 1000;

  private SymphonyBdk admin;
  private long me;
  private long began;
  private long bob;

  @BeforeEach
  void administratorEndsSessionsThreeTimes() throws Exception {
    this.admin = Pod.connect("acme-admin");
    this.me = this.admin.sessions().getSession().getId();
    this.began = System.currentTimeMillis() - 1000;
    final SymphonyBdk bot = Pod.connect("acme-bot");
    final Administrator ends = new Administrator();
    for (int i = 0; i < 3; i++) {
      this.bob = bot.obo(bot.obo("bob")).sessions().getSession().getId();
      ends.endAllSessions(this.bob);
    }
  }

  @Test
  void actionsAreListedNewestFirst() {
    final List<V1AuditTrailInitiatorResponse> items = this.admin.users()
        .listAuditTrail(this.began, null, new CursorPaginationAttribute(null, null, 3), this.me, null).getItems();

    assertEquals(List.of("userSessionLoggedOut", "userSessionLoggedOut", "userSessionLoggedOut"), names(items));
    assertEquals(Long.toString(this.me), items.get(0).getInitiatorId());
    assertEquals("acme-admin", items.get(0).getInitiatorUsername());
    assertTrue(Long.parseLong(items.get(0).getTimestamp()) >= Long.parseLong(items.get(2).getTimestamp()));
  }

  @Test
  void helperReadsToTheLastPage() {
    final long end = System.currentTimeMillis() + 1000;
    final List<V1AuditTrailInitiatorResponse> whole = this.admin.users()
        .listAuditTrail(this.began, end, new CursorPaginationAttribute(null, null, 500), this.me, null).getItems();

    final List<V1AuditTrailInitiatorResponse> paged = this.admin.users()
        .listAllAuditTrail(this.began, end, this.me, null, 2, 1000).collect(Collectors.toList());

    assertTrue(paged.size() >= 3);
    assertEquals(whole, paged);
  }

  @Test
  void filtersByRole() {
    final CursorPaginationAttribute first = new CursorPaginationAttribute(null, null, 500);

    assertTrue(this.admin.users().listAuditTrail(this.began, null, first, null, "USER_PROVISIONING").getItems().size() >= 3);
    assertEquals(List.of(), this.admin.users().listAuditTrail(this.began, null, first, this.me, "L1_SUPPORT").getItems());
    assertEquals(List.of(), this.admin.users().listAuditTrail(this.began, null, first, this.bob, null).getItems());
  }

  @Test
  void moreThan30DaysAreRefused() {
    final ApiRuntimeException refused = assertThrows(ApiRuntimeException.class, () -> this.admin.users()
        .listAuditTrail(this.began - 31 * DAY, null, new CursorPaginationAttribute(null, null, null), null, null));

    assertEquals(400, refused.getCode());
    assertTrue(refused.getMessage().contains("Max of 30 days is allowed per request."), refused.getMessage());
  }

  private static List<String> names(List<V1AuditTrailInitiatorResponse> items) {
    return items.stream().map(V1AuditTrailInitiatorResponse::getActionName).collect(Collectors.toList());
  }
}
