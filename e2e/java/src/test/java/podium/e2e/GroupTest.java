package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.ext.group.SymphonyGroupBdkExtension;
import com.symphony.bdk.ext.group.SymphonyGroupService;
import com.symphony.bdk.ext.group.gen.api.model.Avatar;
import com.symphony.bdk.ext.group.gen.api.model.BaseProfile;
import com.symphony.bdk.ext.group.gen.api.model.CreateGroup;
import com.symphony.bdk.ext.group.gen.api.model.GroupList;
import com.symphony.bdk.ext.group.gen.api.model.Member;
import com.symphony.bdk.ext.group.gen.api.model.Owner;
import com.symphony.bdk.ext.group.gen.api.model.ReadGroup;
import com.symphony.bdk.ext.group.gen.api.model.ReadMember;
import com.symphony.bdk.ext.group.gen.api.model.SortOrder;
import com.symphony.bdk.ext.group.gen.api.model.Status;
import com.symphony.bdk.ext.group.gen.api.model.UpdateGroup;
import com.symphony.bdk.gen.api.model.UserV2;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Distribution lists, by every method of the kit's group extension. */
class GroupTest {

  private static final byte[] PICTURE = Base64.getDecoder().decode(
      "iVBORw0KGgoAAAANSUhEUgAAAAQAAAACAQMAAABFZu8gAAAABlBMVEXIHh4eHshgjNd+AAAAEElEQVR4nGIwYDAABAAA//8AxABhXPkThQAAAABJRU5ErkJggg==");

  private SymphonyGroupService groups;
  private long alice;
  private long bob;
  private String name;

  @BeforeEach
  void begin() throws Exception {
    final SymphonyBdk admin = Pod.connect("acme-admin");
    this.groups = groupsOf(admin);
    final Map<String, Long> people = admin.users().listUsersByUsernames(List.of("alice", "bob")).stream()
        .collect(Collectors.toMap(UserV2::getUsername, UserV2::getId));
    this.alice = people.get("alice");
    this.bob = people.get("bob");
    this.name = "Java desk " + System.nanoTime();
  }

  private static SymphonyGroupService groupsOf(SymphonyBdk bdk) {
    bdk.extensions().register(SymphonyGroupBdkExtension.class);
    return bdk.extensions().service(SymphonyGroupBdkExtension.class);
  }

  @Test
  void aGroupIsMadeAndRead() {
    final ReadGroup made = this.groups.insertGroup(toCreate(this.name, this.alice));
    final ReadGroup read = this.groups.getGroup(made.getId());

    assertEquals(made, read);
    assertEquals(this.name, read.getName());
    assertEquals("SDL", read.getType());
    assertEquals(190L, read.getOwnerId());
    assertEquals(Status.ACTIVE, read.getStatus());
    assertEquals(Set.of(this.alice), members(read));
    assertEquals("alice@acme.example", read.getProfile().getEmail());
  }

  @Test
  void membersComeAndGo() {
    ReadGroup group = this.groups.insertGroup(toCreate(this.name, this.alice));

    group = this.groups.addMemberToGroup(group.getId(), this.bob);
    assertEquals(Set.of(this.alice, this.bob), members(group));

    group = this.groups.updateGroup(group.geteTag(), group.getId(), toUpdate(group).members(List.of(member(this.bob))));
    assertEquals(Set.of(this.bob), members(group));
  }

  @Test
  void whoChangesAnOldVersionIsTold() {
    final ReadGroup old = this.groups.insertGroup(toCreate(this.name));
    this.groups.updateGroup(old.geteTag(), old.getId(), toUpdate(old).name(this.name + ", renamed"));

    final ApiRuntimeException refusal = assertThrows(ApiRuntimeException.class,
        () -> this.groups.updateGroup(old.geteTag(), old.getId(), toUpdate(old).name("Too late")));
    assertEquals(412, refusal.getCode());
    assertEquals(this.name + ", renamed", this.groups.getGroup(old.getId()).getName());
  }

  @Test
  void aDeletedGroupIsListedAsSuch() {
    final ReadGroup group = this.groups.insertGroup(toCreate(this.name));
    this.groups.updateGroup(group.geteTag(), group.getId(), toUpdate(group).status(Status.DELETED));

    assertTrue(ids(Status.DELETED).contains(group.getId()));
    assertFalse(ids(Status.ACTIVE).contains(group.getId()));
  }

  @Test
  void listsArePagedInOrder() {
    final List<String> made = List.of("1", "2", "3").stream()
        .map(n -> this.groups.insertGroup(toCreate(this.name + " " + n)).getId()).collect(Collectors.toList());

    final List<String> every = this.groups.listAllGroups(null, SortOrder.ASC, 2, null).map(ReadGroup::getId).collect(Collectors.toList());
    assertEquals(made, every.stream().filter(made::contains).collect(Collectors.toList()));

    final GroupList newest = this.groups.listGroups(null, null, null, 2, SortOrder.DESC);
    assertEquals(List.of(made.get(2), made.get(1)), newest.getData().stream().map(ReadGroup::getId).collect(Collectors.toList()));
    final String after = newest.getPagination().getCursors().getAfter();
    assertEquals(made.get(0), this.groups.listGroups(null, null, after, 1, SortOrder.DESC).getData().get(0).getId());
  }

  @Test
  void picture() {
    final ReadGroup group = this.groups.insertGroup(toCreate(this.name));
    final ReadGroup changed = this.groups.updateAvatar(group.getId(), PICTURE);

    assertNotEquals(pictures(group), pictures(changed));
    assertEquals(2, pictures(changed).size());
  }

  @Test
  void whatIsWrongIsRefused() {
    final ReadGroup group = this.groups.insertGroup(toCreate(this.name, this.alice));

    assertEquals(400, assertThrows(ApiRuntimeException.class, () -> this.groups.insertGroup(toCreate(this.name))).getCode());
    assertEquals(400, assertThrows(ApiRuntimeException.class,
        () -> this.groups.addMemberToGroup(group.getId(), this.alice)).getCode());
    assertEquals(404, assertThrows(ApiRuntimeException.class, () -> this.groups.getGroup("60af77fd294165466ccdf510")).getCode());
  }

  @Test
  void withoutTheRoleThereIsNoToken() throws Exception {
    final SymphonyBdk bot = Pod.connect("acme-bot");

    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> groupsOf(bot)).getCode());
  }

  private Set<String> ids(Status status) {
    return this.groups.listAllGroups(status, null, 2, null).map(ReadGroup::getId).collect(Collectors.toSet());
  }

  private static CreateGroup toCreate(String name, Long... members) {
    final CreateGroup group = new CreateGroup();
    group.type("SDL").ownerType(Owner.TENANT).ownerId(190L).name(name);
    return group.members(List.of(members).stream().map(GroupTest::member).collect(Collectors.toList()))
        .profile(new BaseProfile().displayName(name).companyName("Acme").email("alice@acme.example"));
  }

  private static UpdateGroup toUpdate(ReadGroup group) {
    final UpdateGroup update = new UpdateGroup();
    update.type(group.getType()).ownerType(group.getOwnerType()).ownerId(group.getOwnerId()).name(group.getName());
    return update.id(group.getId()).eTag(group.geteTag());
  }

  private static Member member(long id) {
    return new Member().memberTenant((int) (id >> 36)).memberId(id);
  }

  private static Set<Long> members(ReadGroup group) {
    return group.getMembers().stream().map(ReadMember::getMemberId).collect(Collectors.toSet());
  }

  private static Set<String> pictures(ReadGroup group) {
    return group.getProfile().getAvatars().stream().map(Avatar::getUrl).collect(Collectors.toSet());
  }
}
