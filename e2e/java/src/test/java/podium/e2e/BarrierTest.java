package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.e2e.Accounts.id;
import static podium.e2e.Accounts.person;
import static podium.e2e.Accounts.service;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.client.ApiClientFactory;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.core.service.user.UserService;
import com.symphony.bdk.gen.api.InfoBarriersApi;
import com.symphony.bdk.gen.api.model.BulkActionResult;
import com.symphony.bdk.gen.api.model.Group;
import com.symphony.bdk.gen.api.model.Policy;
import com.symphony.bdk.gen.api.model.V2UserCreate;
import com.symphony.bdk.http.api.ApiException;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

/**
 * Information barriers: who is in the groups, and whom that keeps apart. A pod of {@code podium
 * dev} has groups, and an active policy between two. The kit has no service for them, but generates
 * their operations.
 */
class BarrierTest {

  private static UserService users;
  private static InfoBarriersApi barriers;
  private static String token;

  @BeforeAll
  static void connect() throws Exception {
    final BdkConfig config = Pod.config("acme-admin");
    final SymphonyBdk admin = Pod.connect(config);
    users = admin.users();
    token = admin.botSession().getSessionToken();
    barriers = new InfoBarriersApi(new ApiClientFactory(config).getPodClient());
  }

  @Test
  void groupsHavePoliciesAndMembers() throws Exception {
    final Group research = group("Research");
    final Group trading = group("Trading");
    final Policy policy = barriers.v1AdminPolicyListGet(token).stream().filter(Policy::getActive).findAny().orElseThrow();
    assertEquals(Set.of(research.getId(), trading.getId()), Set.copyOf(policy.getGroups()));
    assertEquals(Policy.PolicyTypeEnum.BLOCK, policy.getPolicyType());
    assertTrue(research.getPolicies().contains(policy.getId()));

    final long one = id(users.create(person()));
    final long other = id(users.create(person()));
    final BulkActionResult added = barriers.v1AdminGroupGidMembershipAddPost(research.getId(), token, List.of(one, 1L, other));
    assertEquals(BulkActionResult.OverallResultEnum.FAIL, added.getOverallResult());
    assertEquals(List.of("", "User not found", ""), added.getResults());
    assertTrue(members(research).containsAll(List.of(one, other)));
    final BulkActionResult removed = barriers.v1AdminGroupGidMembershipRemovePost(research.getId(), token, List.of(other, one));
    assertEquals(BulkActionResult.OverallResultEnum.SUCCESS, removed.getOverallResult());
    assertFalse(members(research).contains(one));

    final ApiException refused =
        assertThrows(ApiException.class, () -> barriers.v1AdminGroupGidMembershipListGet("0".repeat(24), token, null, null));
    assertEquals(404, refused.getCode());
  }

  @Test
  void barrierComesAndGoes() throws Exception {
    final V2UserCreate service = service();
    final long analyst = id(users.create(service));
    final long trader = id(users.create(person()));
    final SymphonyBdk bdk = Accounts.logIn(service.getUserAttributes().getUserName());
    final String im = bdk.streams().create(trader).getId();

    barriers.v1AdminGroupGidMembershipAddPost(group("Research").getId(), token, List.of(analyst));
    barriers.v1AdminGroupGidMembershipAddPost(group("Trading").getId(), token, List.of(trader));

    assertFalse(bdk.streams().getInstantMessageInfo(im).getImSystemInfo().getActive());
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> bdk.streams().create(trader)).getCode());
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> bdk.presences().getUserPresence(trader, true)).getCode());
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> bdk.connections().createConnection(trader)).getCode());

    barriers.v1AdminGroupGidMembershipRemovePost(group("Trading").getId(), token, List.of(trader));

    assertTrue(bdk.streams().getInstantMessageInfo(im).getImSystemInfo().getActive());
    assertEquals(im, bdk.streams().create(trader).getId());
  }

  private static Group group(String name) throws ApiException {
    return barriers.v1AdminGroupListGet(token).stream().filter(g -> g.getName().equals(name)).findAny().orElseThrow();
  }

  private static List<Long> members(Group group) throws ApiException {
    return barriers.v1AdminGroupGidMembershipListGet(group.getId(), token, null, null);
  }
}
