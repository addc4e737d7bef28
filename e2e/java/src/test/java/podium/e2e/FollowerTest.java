package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static podium.e2e.Accounts.id;
import static podium.e2e.Accounts.person;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.service.pagination.model.CursorPaginationAttribute;
import com.symphony.bdk.core.service.pagination.model.StreamPaginationAttribute;
import com.symphony.bdk.core.service.user.OboUserService;
import com.symphony.bdk.core.service.user.UserService;
import com.symphony.bdk.gen.api.model.FollowersListResponse;
import com.symphony.bdk.gen.api.model.FollowingListResponse;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Users follow users; who follows whom is listed page by page. */
class FollowerTest {

  private static UserService users;

  private final long star = id(users.create(person()));

  @BeforeAll
  static void connect() throws Exception {
    users = Pod.connect("acme-admin").users();
  }

  @Test
  void followersComeAndGo() {
    final List<Long> fans = people(2);

    users.followUser(List.of(fans.get(1), fans.get(0), fans.get(1), this.star), this.star);

    assertEquals(List.of(fans.get(1), fans.get(0)), users.listUserFollowers(this.star).getFollowers());
    assertEquals(2, users.listUserFollowers(this.star).getCount());
    assertEquals(List.of(this.star), users.listUsersFollowing(fans.get(0)).getFollowing());
    users.unfollowUser(List.of(fans.get(1)), this.star);
    users.unfollowUser(List.of(fans.get(1)), this.star);
    assertEquals(List.of(fans.get(0)), users.listUserFollowers(this.star).getFollowers());
    assertEquals(List.of(), users.listUsersFollowing(fans.get(1)).getFollowing());
  }

  @Test
  void listsAreReadToTheLastPage() {
    final List<Long> fans = people(5);
    users.followUser(fans, this.star);
    for (final long fan : fans) {
      users.followUser(List.of(this.star), fan);
    }

    for (final int chunk : new int[] {1, 2, 5, 6}) {
      final StreamPaginationAttribute pages = new StreamPaginationAttribute(chunk, 100);
      assertEquals(fans, users.listAllUserFollowers(this.star, pages).collect(Collectors.toList()));
      assertEquals(fans, users.listAllUserFollowing(this.star, pages).collect(Collectors.toList()));
    }
    assertEquals(fans.subList(0, 3),
        users.listAllUserFollowers(this.star, new StreamPaginationAttribute(2, 3)).collect(Collectors.toList()));
    assertEquals(fans, users.listAllUserFollowing(this.star).collect(Collectors.toList()));
    assertEquals(fans, users.listAllUserFollowers(this.star).collect(Collectors.toList()));
  }

  /** A page of this kit takes both cursors, and none may be null. */
  @Test
  void cursorsLeadThereAndBack() {
    final List<Long> fans = people(5);
    users.followUser(fans, this.star);

    final FollowersListResponse page = users.listUserFollowers(this.star, new CursorPaginationAttribute(5, 2, 2));

    assertEquals(fans.subList(2, 4), page.getFollowers());
    assertEquals("4", page.getPagination().getCursors().getAfter());
    final int before = Integer.parseInt(page.getPagination().getCursors().getBefore());
    assertEquals(fans.subList(0, 2),
        users.listUserFollowers(this.star, new CursorPaginationAttribute(before, 0, 2)).getFollowers());
    final FollowersListResponse last = users.listUserFollowers(this.star, new CursorPaginationAttribute(5, 4, 2));
    assertEquals(fans.subList(4, 5), last.getFollowers());
    assertNull(last.getPagination().getCursors().getAfter());
  }

  @Test
  void cursorsLeadThroughWhomSomebodyFollows() {
    final List<Long> stars = people(4);
    for (final long one : stars) {
      users.followUser(List.of(this.star), one);
    }

    final FollowingListResponse page = users.listUsersFollowing(this.star, new CursorPaginationAttribute(4, 1, 2));

    assertEquals(stars.subList(1, 3), page.getFollowing());
    final int after = Integer.parseInt(page.getPagination().getCursors().getAfter());
    assertEquals(stars.subList(3, 4),
        users.listUsersFollowing(this.star, new CursorPaginationAttribute(4, after, 2)).getFollowing());
  }

  @Test
  void whomNobodyKnowsIsRefusedAndTheOthersFollow() {
    final long fan = id(users.create(person()));

    assertEquals(400, assertThrows(ApiRuntimeException.class,
        () -> users.followUser(List.of(fan + 1_000_000, fan), this.star)).getCode());

    assertEquals(List.of(fan), users.listUserFollowers(this.star).getFollowers());
  }

  @Test
  void applicationHasItsUserFollowAndNoOther() throws Exception {
    final SymphonyBdk bot = Pod.connect("acme-bot");
    final long alice = bot.users().listUsersByUsernames(List.of("alice")).get(0).getId();
    final OboUserService alices = bot.obo(bot.obo("alice")).users();
    final long other = id(users.create(person()));

    alices.followUser(List.of(alice), this.star);

    assertEquals(List.of(alice), users.listUserFollowers(this.star).getFollowers());
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> alices.followUser(List.of(other), this.star)).getCode());
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> bot.users().followUser(List.of(other), this.star)).getCode());
    alices.unfollowUser(List.of(alice), this.star);
    assertEquals(List.of(), users.listUserFollowers(this.star).getFollowers());
  }

  private static List<Long> people(int count) {
    return IntStream.range(0, count).mapToObj(i -> id(users.create(person()))).collect(Collectors.toList());
  }
}
