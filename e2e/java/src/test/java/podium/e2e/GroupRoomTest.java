package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.service.stream.StreamService;
import com.symphony.bdk.ext.group.SymphonyGroupBdkExtension;
import com.symphony.bdk.ext.group.SymphonyGroupService;
import com.symphony.bdk.ext.group.gen.api.model.BaseProfile;
import com.symphony.bdk.ext.group.gen.api.model.CreateGroup;
import com.symphony.bdk.ext.group.gen.api.model.Member;
import com.symphony.bdk.ext.group.gen.api.model.Owner;
import com.symphony.bdk.ext.group.gen.api.model.ReadGroup;
import com.symphony.bdk.ext.group.gen.api.model.UpdateGroup;
import com.symphony.bdk.gen.api.model.MemberInfo;
import com.symphony.bdk.gen.api.model.UserV2;
import com.symphony.bdk.gen.api.model.V3RoomAttributes;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A distribution list is in a room by its numeric id, as a user is; who is on it is in the room for
 * as long.
 */
class GroupRoomTest {

  private SymphonyGroupService groups;
  private StreamService streams;
  private long owner;
  private long alice;
  private long bob;
  private String room;
  private ReadGroup list;
  private long listId;

  @BeforeEach
  void begin() throws Exception {
    final SymphonyBdk admin = Pod.connect("acme-admin");
    admin.extensions().register(SymphonyGroupBdkExtension.class);
    this.groups = admin.extensions().service(SymphonyGroupBdkExtension.class);
    final SymphonyBdk bot = Pod.connect("acme-bot");
    this.streams = bot.streams();
    this.owner = bot.botInfo().getId();
    final Map<String, Long> people = bot.users().listUsersByUsernames(List.of("alice", "bob")).stream()
        .collect(Collectors.toMap(UserV2::getUsername, UserV2::getId));
    this.alice = people.get("alice");
    this.bob = people.get("bob");
    final String name = "Java list in a room " + System.nanoTime();
    this.room = this.streams.create(new V3RoomAttributes().name(name)).getRoomSystemInfo().getId();
    final CreateGroup group = new CreateGroup();
    group.type("SDL").ownerType(Owner.TENANT).ownerId((long) Pod.ACME_POD_ID).name(name);
    this.list = this.groups.insertGroup(group.members(List.of(member(this.alice))).profile(new BaseProfile().displayName(name)));
    this.listId = Long.parseLong(this.list.getProfile().getId());
  }

  @Test
  void itsMembersComeAndGoWithIt() {
    this.streams.addMemberToRoom(this.listId, this.room);
    assertEquals(Set.of(this.owner, this.alice), members());

    this.list = this.groups.addMemberToGroup(this.list.getId(), this.bob);
    assertEquals(Set.of(this.owner, this.alice, this.bob), members());

    set(this.bob);
    assertEquals(Set.of(this.owner, this.bob), members());

    this.streams.removeMemberFromRoom(this.listId, this.room);
    assertEquals(Set.of(this.owner), members());
  }

  @Test
  void whoIsThereOnHisOwnAccountStays() {
    this.streams.addMemberToRoom(this.bob, this.room);
    this.streams.addMemberToRoom(this.listId, this.room);
    set(this.alice, this.bob);

    this.streams.removeMemberFromRoom(this.listId, this.room);

    assertEquals(Set.of(this.owner, this.bob), members());
    assertEquals(400, assertThrows(ApiRuntimeException.class,
        () -> this.streams.removeMemberFromRoom(this.listId, this.room)).getCode());
  }

  /** Sets who is on the list. */
  private void set(Long... users) {
    final UpdateGroup update = new UpdateGroup();
    update.type(this.list.getType()).ownerType(this.list.getOwnerType()).ownerId(this.list.getOwnerId()).name(this.list.getName())
        .members(List.of(users).stream().map(GroupRoomTest::member).collect(Collectors.toList()));
    this.list = this.groups.updateGroup(this.list.geteTag(), this.list.getId(), update.id(this.list.getId()).eTag(this.list.geteTag()));
  }

  private Set<Long> members() {
    return this.streams.listRoomMembers(this.room).stream().map(MemberInfo::getId).collect(Collectors.toSet());
  }

  private static Member member(long id) {
    return new Member().memberTenant(Pod.ACME_POD_ID).memberId(id);
  }
}
