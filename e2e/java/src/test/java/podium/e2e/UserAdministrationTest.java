package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.e2e.Accounts.id;
import static podium.e2e.Accounts.logIn;
import static podium.e2e.Accounts.person;
import static podium.e2e.Accounts.service;

import com.symphony.bdk.core.auth.exception.AuthUnauthorizedException;
import com.symphony.bdk.core.service.pagination.model.PaginationAttribute;
import com.symphony.bdk.core.service.pagination.model.StreamPaginationAttribute;
import com.symphony.bdk.core.service.user.UserService;
import com.symphony.bdk.core.service.user.constant.RoleId;
import com.symphony.bdk.gen.api.model.Feature;
import com.symphony.bdk.gen.api.model.RoleDetail;
import com.symphony.bdk.gen.api.model.UserFilter;
import com.symphony.bdk.gen.api.model.UserStatus;
import com.symphony.bdk.gen.api.model.V2UserAttributes;
import com.symphony.bdk.gen.api.model.V2UserCreate;
import com.symphony.bdk.gen.api.model.V2UserDetail;
import com.symphony.bdk.http.api.ApiException;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/** Accounts are made, read, listed, found and changed by the kit's user service. */
class UserAdministrationTest {

  private static UserService users;

  @BeforeAll
  static void connect() throws Exception {
    users = Pod.connect("acme-admin").users();
  }

  @Test
  void newServiceAccountLogsIn() throws Exception {
    final V2UserCreate payload = service();

    final V2UserDetail made = users.create(payload);

    final V2UserAttributes attributes = made.getUserAttributes();
    assertEquals(payload.getUserAttributes().getUserName(), attributes.getUserName());
    assertEquals("Acme", attributes.getCompanyName());
    assertEquals(V2UserAttributes.AccountTypeEnum.SYSTEM, attributes.getAccountType());
    assertEquals(payload.getUserAttributes().getCurrentKey().getKey(), attributes.getCurrentKey().getKey());
    assertEquals(List.of("INDIVIDUAL"), made.getRoles());
    assertEquals(id(made), logIn(attributes.getUserName()).botInfo().getId());
    assertTrue(users.getUserDetail(id(made)).getUserSystemInfo().getLastLoginDate() >= made.getUserSystemInfo().getCreatedDate());
  }

  @Test
  void nameIsGivenOnce() {
    final V2UserCreate payload = person();
    users.create(payload);
    final V2UserAttributes attributes = payload.getUserAttributes();
    attributes.emailAddress("other-" + attributes.getEmailAddress()).userName(attributes.getUserName().toUpperCase());

    assertEquals(400, assertThrows(ApiRuntimeException.class, () -> users.create(payload)).getCode());
  }

  @Test
  void updateOfOneAttributeLeavesTheOthers() {
    final V2UserCreate payload = person();
    payload.getUserAttributes().title("Trader").department("Sales").assetClasses(List.of("Equities")).marketCoverage(List.of("EMEA"));
    final V2UserDetail made = users.create(payload);

    final V2UserDetail changed = users.update(id(made), new V2UserAttributes().title("Head Trader"));

    assertEquals(made.getUserAttributes().title("Head Trader"), changed.getUserAttributes());
    final V2UserDetail cleared = users.update(id(made), new V2UserAttributes().department("").assetClasses(List.of()));
    assertNull(cleared.getUserAttributes().getDepartment());
    assertEquals(List.of(), cleared.getUserAttributes().getAssetClasses());
    assertEquals(List.of("EMEA"), cleared.getUserAttributes().getMarketCoverage());
    assertEquals(cleared, users.getUserDetail(id(made)));
  }

  @Test
  void everyAccountIsListedPageByPage() {
    final List<Long> made = List.of(id(users.create(person())), id(users.create(person())), id(users.create(person())));

    final List<Long> all = users.listAllUsersDetail(new StreamPaginationAttribute(2, 100_000)).map(Accounts::id)
        .collect(Collectors.toList());

    assertEquals(all.stream().distinct().sorted().collect(Collectors.toList()), all);
    assertTrue(all.containsAll(made));
    assertEquals(all.subList(1, 3), users.listUsersDetail(new PaginationAttribute(1, 2)).stream().map(Accounts::id)
        .collect(Collectors.toList()));
    assertEquals(List.of(), users.listUsersDetail(new PaginationAttribute(100_000, 10)));
    assertEquals(Math.min(all.size(), 100), users.listAllUsersDetail().count()); // the kit stops there unless told otherwise
    assertFalse(users.listUsersDetail().isEmpty());
  }

  @Test
  void accountsAreFoundByWhatTheyHold() {
    final long disabled = id(users.create(person()));
    final long gifted = id(users.create(person()));
    for (final long user : List.of(disabled, gifted)) {
      users.addRole(user, RoleId.L1_SUPPORT);
    }
    users.updateStatus(disabled, new UserStatus().status(UserStatus.StatusEnum.DISABLED));
    users.updateFeatureEntitlements(gifted, List.of(new Feature().entitlment("canUseFirehose").enabled(true)));

    assertTrue(found(new UserFilter().role("L1_SUPPORT")).containsAll(List.of(disabled, gifted)));
    final List<Long> out = found(new UserFilter().status(UserFilter.StatusEnum.DISABLED));
    assertTrue(out.contains(disabled) && !out.contains(gifted));
    final List<Long> firehose = found(new UserFilter().feature("canUseFirehose").role("L1_SUPPORT"));
    assertTrue(firehose.contains(gifted) && !firehose.contains(disabled));
    assertEquals(List.of(), users.listUsersDetail(new UserFilter().role("L1_SUPPORT"), new PaginationAttribute(100_000, 10)));
    assertFalse(users.listUsersDetail(new UserFilter().role("L1_SUPPORT")).isEmpty());
    assertEquals(firehose, users.listAllUsersDetail(new UserFilter().feature("canUseFirehose").role("L1_SUPPORT"))
        .map(Accounts::id).collect(Collectors.toList()));
  }

  @Test
  void disabledBotIsOut() throws Exception {
    final V2UserDetail made = users.create(service());
    final String name = made.getUserAttributes().getUserName();
    final String token = logIn(name).botSession().getSessionToken();

    users.updateStatus(id(made), new UserStatus().status(UserStatus.StatusEnum.DISABLED));

    assertEquals(UserStatus.StatusEnum.DISABLED, users.getStatus(id(made)).getStatus());
    assertEquals(401, assertThrows(ApiException.class, () -> Pod.whoIs(token)).getCode());
    assertThrows(AuthUnauthorizedException.class, () -> logIn(name));
    users.updateStatus(id(made), new UserStatus().status(UserStatus.StatusEnum.ENABLED));
    assertEquals(id(made), logIn(name).botInfo().getId());
  }

  @Test
  void suspendedBotIsOutUntilItIsForgiven() throws Exception {
    final V2UserDetail made = users.create(service());
    final String name = made.getUserAttributes().getUserName();
    final String token = logIn(name).botSession().getSessionToken();
    final Instant until = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MILLIS);

    users.suspendUser(id(made), "Mandatory leave", until);

    final UserStatus status = users.getStatus(id(made));
    assertEquals(UserStatus.StatusEnum.ENABLED, status.getStatus());
    assertTrue(status.getSuspended());
    assertEquals(until.toEpochMilli(), status.getSuspendedUntil());
    assertEquals("Mandatory leave", status.getSuspensionReason());
    assertEquals(401, assertThrows(ApiException.class, () -> Pod.whoIs(token)).getCode());
    assertThrows(AuthUnauthorizedException.class, () -> logIn(name));
    users.unsuspendUser(id(made));
    assertFalse(users.getStatus(id(made)).getSuspended());
    assertEquals(id(made), logIn(name).botInfo().getId());
  }

  @Test
  void roleHoldsAtOnceInAnOpenSession() throws Exception {
    final V2UserDetail made = users.create(service());
    final UserService bot = logIn(made.getUserAttributes().getUserName()).users();
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> bot.getStatus(id(made))).getCode());

    users.addRole(id(made), RoleId.USER_PROVISIONING);
    assertEquals(UserStatus.StatusEnum.ENABLED, bot.getStatus(id(made)).getStatus());

    users.removeRole(id(made), RoleId.USER_PROVISIONING);
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> bot.getStatus(id(made))).getCode());
  }

  @Test
  void rolesTellWhoMayHoldThem() {
    final List<RoleDetail> roles = users.listRoles();

    final RoleDetail officer = roles.stream().filter(r -> r.getId().equals("COMPLIANCE_OFFICER")).findAny().orElseThrow();
    assertEquals("Compliance Officer", officer.getName());
    assertEquals(List.of("NORMAL"), officer.getUserTypes());
    assertTrue(officer.getOptionalActions().contains("MONITOR_ROOMS"));
    assertTrue(roles.stream().allMatch(r -> r.getOptionalActions() != null && !r.getUserTypes().isEmpty()));
  }

  @Test
  void featuresChangeOneByOne() {
    final long user = id(users.create(person()));
    final List<Feature> before = users.getFeatureEntitlements(user);

    users.updateFeatureEntitlements(user, List.of(new Feature().entitlment("canUpdateAvatar").enabled(false)));

    final List<Feature> expected = before.stream()
        .map(f -> f.getEntitlment().equals("canUpdateAvatar") ? new Feature().entitlment("canUpdateAvatar").enabled(false) : f)
        .collect(Collectors.toList());
    assertEquals(expected, users.getFeatureEntitlements(user));
    assertTrue(before.contains(new Feature().entitlment("canUpdateAvatar").enabled(true)));
  }

  private static List<Long> found(UserFilter filter) {
    return users.listAllUsersDetail(filter, new StreamPaginationAttribute(2, 100_000)).map(Accounts::id)
        .collect(Collectors.toList());
  }
}
