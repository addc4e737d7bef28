package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static podium.e2e.Accounts.id;
import static podium.e2e.Accounts.person;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.client.ApiClientFactory;
import com.symphony.bdk.core.service.user.OboUserService;
import com.symphony.bdk.core.service.user.UserService;
import com.symphony.bdk.gen.api.UsersApi;
import com.symphony.bdk.gen.api.model.UserStatus;
import com.symphony.bdk.gen.api.model.UserV2;
import com.symphony.bdk.gen.api.model.V2UserDetail;
import com.symphony.bdk.http.api.ApiException;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** People are looked up by their ids, addresses and names. */
class UserLookupTest {

  private static SymphonyBdk bot;
  private static UserService admin;
  private static UserService users; // of a bot without any right of an administrator

  @BeforeAll
  static void connect() throws Exception {
    admin = Pod.connect("acme-admin").users();
    bot = Pod.connect("acme-bot");
    users = bot.users();
  }

  @Test
  void answerKeepsTheOrderAskedFor() {
    final V2UserDetail one = make();
    final V2UserDetail two = make();

    assertEquals(List.of(id(two), id(one)), ids(users.listUsersByIds(List.of(id(two), id(one)))));
    assertEquals(List.of(id(two), id(one)), ids(users.listUsersByEmails(List.of(email(two), email(one).toUpperCase()))));
    assertEquals(List.of(id(two), id(one)), ids(users.listUsersByUsernames(List.of(name(two).toUpperCase(), name(one)))));
  }

  @Test
  void whomNobodyKnowsIsLeftOutInSilence() {
    final V2UserDetail known = make();
    final long unknown = id(known) + 1_000_000;

    assertEquals(List.of(id(known)), ids(users.listUsersByIds(List.of(unknown, id(known)))));
    assertEquals(List.of(id(known)), ids(users.listUsersByEmails(List.of("unknown@acme.example", email(known)))));
    assertEquals(List.of(id(known)), ids(users.listUsersByUsernames(List.of(name(known), "no-one"))));
  }

  @Test
  void activeTellsEnabledFromDisabled() {
    final V2UserDetail in = make();
    final V2UserDetail out = make();
    admin.updateStatus(id(out), new UserStatus().status(UserStatus.StatusEnum.DISABLED));

    assertEquals(List.of(id(in), id(out)), ids(users.listUsersByIds(List.of(id(in), id(out)))));
    assertEquals(List.of(id(in)), ids(users.listUsersByIds(List.of(id(in), id(out)), true, true)));
    assertEquals(List.of(id(out)), ids(users.listUsersByIds(List.of(id(in), id(out)), true, false)));
    assertEquals(List.of(id(in)), ids(users.listUsersByEmails(List.of(email(in), email(out)), false, true)));
    assertEquals(List.of(id(out)), ids(users.listUsersByUsernames(List.of(name(in), name(out)), false)));
  }

  @Test
  void strangerIsKnownByIdAndAddressAlone() throws Exception {
    final V2UserDetail stranger = Pod.connect("globex-admin").users().create(person("globex.example"));
    final V2UserDetail colleague = make();

    final List<UserV2> both = users.listUsersByIds(List.of(id(stranger), id(colleague)));

    assertEquals(List.of("Globex", "Acme"), both.stream().map(UserV2::getCompany).collect(Collectors.toList()));
    assertNull(both.get(0).getEmailAddress());
    assertEquals(email(colleague), both.get(1).getEmailAddress());
    assertEquals(List.of(id(stranger)), ids(users.listUsersByEmails(List.of(email(stranger)))));
    assertEquals(List.of(id(colleague)), ids(users.listUsersByIds(List.of(id(stranger), id(colleague)), true, null)));
    assertEquals(List.of(id(colleague)), ids(users.listUsersByUsernames(List.of(name(stranger), name(colleague)))));
  }

  @Test
  void hundredIsTheMostAtOnce() {
    final long known = id(make());

    assertEquals(List.of(known), ids(users.listUsersByIds(Collections.nCopies(100, known))));
    assertEquals(400, assertThrows(ApiRuntimeException.class,
        () -> users.listUsersByIds(Collections.nCopies(101, known))).getCode());
  }

  /** Only this kit's low-level client still has the oldest look-ups. */
  @Test
  void oneUserIsLookedUp() throws Exception {
    final V2UserDetail made = make();
    final String token = bot.botSession().getSessionToken();
    final UsersApi api = new UsersApi(new ApiClientFactory(bot.config()).getPodClient());

    for (final UserV2 user : List.of(
        api.v2UserGet(token, id(made), null, null, null),
        api.v2UserGet(token, null, email(made), null, false),
        api.v2UserGet(token, null, null, name(made), null),
        api.v2UserGet(token, null, null, name(made), true))) {
      assertEquals(id(made), user.getId());
      assertEquals(email(made), user.getEmailAddress());
    }
    assertEquals(id(made), api.v1UserGet(email(made), token, true).getId());
    assertEquals(email(made), api.v1UserNameUserNameGetGet(name(made), token).getEmailAddress());
    assertNull(api.v2UserGet(token, id(made) + 1_000_000, null, null, null));
    assertNull(api.v1UserGet("unknown@acme.example", token, null));
    assertNull(api.v1UserNameUserNameGetGet("no-one", token));
    assertEquals(400, assertThrows(ApiException.class, () -> api.v2UserGet(token, null, null, name(made), false)).getCode());
  }

  @Test
  void applicationLooksUpForItsUser() throws Exception {
    final V2UserDetail made = make();
    final OboUserService alices = bot.obo(bot.obo("alice")).users();

    assertEquals(List.of(id(made)), ids(alices.listUsersByIds(List.of(id(made)))));
    assertEquals(List.of(id(made)), ids(alices.listUsersByEmails(List.of(email(made)))));
    assertEquals(List.of(id(made)), ids(alices.listUsersByUsernames(List.of(name(made)))));
    // Those who can log in are asked for, or those who cannot.
    assertEquals(List.of(id(made)), ids(alices.listUsersByIds(List.of(id(made)), true, true)));
    assertEquals(List.of(), ids(alices.listUsersByIds(List.of(id(made)), true, false)));
    assertEquals(List.of(id(made)), ids(alices.listUsersByEmails(List.of(email(made)), true, true)));
    assertEquals(List.of(), ids(alices.listUsersByEmails(List.of(email(made)), true, false)));
    assertEquals(List.of(id(made)), ids(alices.listUsersByUsernames(List.of(name(made)), true)));
    assertEquals(List.of(), ids(alices.listUsersByUsernames(List.of(name(made)), false)));
  }

  private static V2UserDetail make() {
    return admin.create(person());
  }

  private static String email(V2UserDetail user) {
    return user.getUserAttributes().getEmailAddress();
  }

  private static String name(V2UserDetail user) {
    return user.getUserAttributes().getUserName();
  }

  private static List<Long> ids(List<UserV2> list) {
    return list.stream().map(UserV2::getId).collect(Collectors.toList());
  }
}
