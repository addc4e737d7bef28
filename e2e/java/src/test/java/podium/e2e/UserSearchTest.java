package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static podium.e2e.Accounts.id;
import static podium.e2e.Accounts.person;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.service.pagination.model.PaginationAttribute;
import com.symphony.bdk.core.service.pagination.model.StreamPaginationAttribute;
import com.symphony.bdk.core.service.user.OboUserService;
import com.symphony.bdk.core.service.user.UserService;
import com.symphony.bdk.gen.api.model.UserSearchFilter;
import com.symphony.bdk.gen.api.model.UserSearchQuery;
import com.symphony.bdk.gen.api.model.UserStatus;
import com.symphony.bdk.gen.api.model.UserV2;
import com.symphony.bdk.gen.api.model.V2UserCreate;
import com.symphony.bdk.gen.api.model.V2UserDetail;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * People are searched by the kit's user service: who is found, by what, and how much of a stranger
 * is told.
 */
class UserSearchTest {

  private static SymphonyBdk bot;
  private static UserService admin;
  private static UserService users; // of a bot without any right of an administrator

  /** A new surname, so that a test finds its own people. */
  private final String surname = "Qq" + UUID.randomUUID().toString().replace("-", "");

  @BeforeAll
  static void connect() throws Exception {
    admin = Pod.connect("acme-admin").users();
    bot = Pod.connect("acme-bot");
    users = bot.users();
  }

  @Test
  void eachWordBeginsAWordOfThePerson() {
    for (final String first : List.of("Zoë", "Zacharias", "Yann")) {
      admin.create(this.called(first));
    }

    assertEquals(List.of("Yann", "Zacharias", "Zoë"), this.found(this.surname));
    assertEquals(List.of("Yann", "Zacharias", "Zoë"), this.found(this.surname.substring(0, 30).toLowerCase()));
    assertEquals(List.of("Zoë"), this.found(this.surname.toUpperCase() + " zoe"));
    assertEquals(List.of("Zacharias", "Zoë"), this.found("z " + this.surname));
    assertEquals(List.of(), this.found("ann " + this.surname));
  }

  @Test
  void everyPageIsReadToTheLast() {
    final List<Long> made = new ArrayList<>();
    for (final String first : List.of("A", "B", "C", "D", "E")) {
      made.add(id(admin.create(this.called(first))));
    }

    for (final int chunk : new int[] {1, 2, 5, 6}) {
      assertEquals(made, users.searchAllUsers(this.query(), true, new StreamPaginationAttribute(chunk, 100))
          .map(UserV2::getId).collect(Collectors.toList()));
    }
    assertEquals(made, users.searchAllUsers(this.query(), false).map(UserV2::getId).collect(Collectors.toList()));
    assertEquals(made.subList(1, 3), ids(users.searchUsers(this.query(), true, new PaginationAttribute(1, 2))));
    assertEquals(List.of(), users.searchUsers(this.query(), true, new PaginationAttribute(5, 2)));
  }

  @Test
  void filtersNarrowASearch() {
    final V2UserCreate ada = this.called("Ada");
    ada.getUserAttributes().title("Head Trader").location("Paris").marketCoverage(List.of("EMEA")).instrument(List.of("Bonds"));
    admin.create(ada);
    final V2UserCreate ben = this.called("Ben");
    ben.getUserAttributes().title("Trader").location("New York").responsibility(List.of("Sales")).function(List.of("Research"));
    admin.create(ben);

    assertEquals(List.of("Ada", "Ben"), this.found(new UserSearchFilter().title("trader")));
    assertEquals(List.of("Ada"), this.found(new UserSearchFilter().title("head t")));
    assertEquals(List.of("Ben"), this.found(new UserSearchFilter().location("york")));
    assertEquals(List.of("Ada"), this.found(new UserSearchFilter().marketCoverage("emea")));
    assertEquals(List.of("Ada"), this.found(new UserSearchFilter().instrument("bond")));
    assertEquals(List.of("Ben"), this.found(new UserSearchFilter().responsibility("Sales")));
    assertEquals(List.of("Ben"), this.found(new UserSearchFilter().function("Research")));
    assertEquals(List.of(), this.found(new UserSearchFilter().title("Trader").company("Globex")));
    assertEquals(List.of(), this.found(new UserSearchFilter().addAccountTypesItem("SYSTEM")));
    final UserSearchQuery administrator = new UserSearchQuery().query("acme administrator");
    assertEquals(List.of("Acme Administrator"),
        displayNames(users.searchUsers(administrator.filters(new UserSearchFilter().addAccountTypesItem("SYSTEM")), true)));
    assertEquals(List.of(), users.searchUsers(administrator.filters(new UserSearchFilter().addAccountTypesItem("NORMAL")), true));
  }

  @Test
  void searchForNothingIsRefused() {
    assertEquals(400, assertThrows(ApiRuntimeException.class, () -> users.searchUsers(new UserSearchQuery(), true)).getCode());
  }

  @Test
  void whoIsDisabledIsLookedUpAndNotSearched() {
    final long ada = id(admin.create(this.called("Ada")));
    assertEquals(List.of("Ada"), this.found(this.surname));

    admin.updateStatus(ada, new UserStatus().status(UserStatus.StatusEnum.DISABLED));

    assertEquals(List.of(), this.found(this.surname));
    assertEquals(List.of(ada), ids(users.listUsersByIds(List.of(ada))));
  }

  @Test
  void strangerIsFoundWithoutAnAddress() throws Exception {
    final V2UserCreate payload = person("globex.example");
    payload.getUserAttributes().firstName("Ada").lastName(this.surname).displayName("Ada " + this.surname).title("Trader");
    final V2UserDetail made = Pod.connect("globex-admin").users().create(payload);

    final List<UserV2> strangers = users.searchUsers(this.query(), false);

    assertEquals(List.of(id(made)), ids(strangers));
    final UserV2 ada = strangers.get(0);
    assertEquals("Globex", ada.getCompany());
    assertEquals("Ada " + this.surname, ada.getDisplayName());
    assertNull(ada.getEmailAddress());
    assertNull(ada.getTitle());
    assertEquals(List.of(), users.searchUsers(this.query(), true));
  }

  @Test
  void applicationSearchesForItsUser() throws Exception {
    final long ada = id(admin.create(this.called("Ada")));

    final long ben = id(admin.create(this.called("Ben")));
    final OboUserService alices = bot.obo(bot.obo("alice")).users();

    assertEquals(List.of(ada, ben), ids(alices.searchUsers(this.query(), true)));
    assertEquals(List.of(ben), ids(alices.searchUsers(this.query(), true, new PaginationAttribute(1, 5))));
    assertEquals(List.of(ada, ben), alices.searchAllUsers(this.query(), true).map(UserV2::getId).collect(Collectors.toList()));
    assertEquals(List.of(ada, ben), alices.searchAllUsers(this.query(), true, new StreamPaginationAttribute(1, 100))
        .map(UserV2::getId).collect(Collectors.toList()));
  }

  private V2UserCreate called(String first) {
    final V2UserCreate payload = person();
    payload.getUserAttributes().firstName(first).lastName(this.surname).displayName(first + " " + this.surname);
    return payload;
  }

  private UserSearchQuery query() {
    return new UserSearchQuery().query(this.surname);
  }

  private List<String> found(String text) {
    return firstNames(users.searchUsers(new UserSearchQuery().query(text), true));
  }

  private List<String> found(UserSearchFilter filters) {
    return firstNames(users.searchUsers(this.query().filters(filters), true));
  }

  private static List<String> firstNames(List<UserV2> list) {
    return list.stream().map(UserV2::getFirstName).collect(Collectors.toList());
  }

  private static List<String> displayNames(List<UserV2> list) {
    return list.stream().map(UserV2::getDisplayName).collect(Collectors.toList());
  }

  private static List<Long> ids(List<UserV2> list) {
    return list.stream().map(UserV2::getId).collect(Collectors.toList());
  }
}
