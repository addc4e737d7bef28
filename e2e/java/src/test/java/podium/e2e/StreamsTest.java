package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.service.pagination.model.PaginationAttribute;
import com.symphony.bdk.core.service.pagination.model.StreamPaginationAttribute;
import com.symphony.bdk.core.service.stream.OboStreamService;
import com.symphony.bdk.core.service.stream.StreamService;
import com.symphony.bdk.gen.api.model.MemberInfo;
import com.symphony.bdk.gen.api.model.RoomTag;
import com.symphony.bdk.gen.api.model.ShareArticle;
import com.symphony.bdk.gen.api.model.ShareContent;
import com.symphony.bdk.gen.api.model.StreamAttributes;
import com.symphony.bdk.gen.api.model.StreamFilter;
import com.symphony.bdk.gen.api.model.StreamType;
import com.symphony.bdk.gen.api.model.UserId;
import com.symphony.bdk.gen.api.model.UserV2;
import com.symphony.bdk.gen.api.model.V1IMAttributes;
import com.symphony.bdk.gen.api.model.V2AdminStreamFilter;
import com.symphony.bdk.gen.api.model.V2AdminStreamInfo;
import com.symphony.bdk.gen.api.model.V2AdminStreamType;
import com.symphony.bdk.gen.api.model.V2MemberInfo;
import com.symphony.bdk.gen.api.model.V2Message;
import com.symphony.bdk.gen.api.model.V2RoomSearchCriteria;
import com.symphony.bdk.gen.api.model.V2StreamAttributes;
import com.symphony.bdk.gen.api.model.V3RoomAttributes;
import com.symphony.bdk.gen.api.model.V3RoomDetail;
import com.symphony.bdk.gen.api.model.V3RoomSearchResults;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** IMs, rooms, their members, and how they are found: every method of the kit's stream service. */
class StreamsTest {

  private SymphonyBdk bdk;
  private StreamService bot;
  private StreamService admin;
  private OboStreamService alice;
  private final Map<String, Long> ids = new HashMap<>();

  @BeforeEach
  void connect() throws Exception {
    this.bdk = Pod.connect("acme-bot");
    this.bot = this.bdk.streams();
    this.admin = Pod.connect("acme-admin").streams();
    this.alice = this.bdk.obo(this.bdk.obo("alice")).streams();
    for (final UserV2 user : this.bdk.users().listUsersByUsernames(List.of("alice", "bob", "carol"))) {
      this.ids.put(user.getUsername(), user.getId());
    }
    this.ids.put("acme-bot", this.bdk.botInfo().getId());
  }

  @Test
  void samePeopleTalkInTheSameIM() {
    final String mine = this.bot.create(this.ids.get("alice")).getId();

    assertEquals(mine, this.alice.create(this.ids.get("acme-bot")).getId());
    assertEquals(mine, this.admin.createInstantMessageAdmin(List.of(this.ids.get("alice"), this.ids.get("acme-bot"))).getId());
    final String several = this.bot.create(List.of(this.ids.get("alice"), this.ids.get("bob"))).getId();
    assertNotEquals(mine, several);
    assertEquals("MIM", this.bot.getStream(several).getStreamType().getType());
  }

  @Test
  void imIsReadByThoseInIt() throws Exception {
    final String im = this.bot.create(this.ids.get("alice")).getId();

    final V2StreamAttributes stream = this.bot.getStream(im);

    assertTrue(this.bot.getInstantMessageInfo(im).getImSystemInfo().getActive());
    assertEquals("IM", stream.getStreamType().getType());
    assertEquals(Set.of(this.ids.get("alice"), this.ids.get("acme-bot")), Set.copyOf(stream.getStreamAttributes().getMembers()));
    final String people = this.admin.createInstantMessageAdmin(List.of(this.ids.get("alice"), this.ids.get("bob"))).getId();
    refused(403, () -> this.bot.getInstantMessageInfo(people));
    final StreamService stranger = Pod.connect("globex-bot").streams();
    refused(400, () -> stranger.getInstantMessageInfo(im));
  }

  @Test
  void whatIsSharedCanBePinned() {
    final String im = this.bot.create(this.ids.get("alice")).getId();

    final V2Message message = this.bot.share(im, article());

    assertEquals(im, message.getStreamId());
    assertEquals(this.ids.get("acme-bot"), message.getFromUserId());
    assertTrue(message.getMessage().contains("News"));
    this.bot.updateInstantMessage(im, new V1IMAttributes().pinnedMessageId(message.getId()));
    assertEquals(message.getId(), this.bot.getInstantMessageInfo(im).getV1IMAttributes().getPinnedMessageId());
    this.bot.updateInstantMessage(im, new V1IMAttributes().pinnedMessageId(""));
    assertNull(this.bot.getInstantMessageInfo(im).getV1IMAttributes().getPinnedMessageId());
    final String hers = id(this.alice.create(new V3RoomAttributes().name(unique("hers"))));
    refused(403, () -> this.bot.share(hers, article()));
  }

  @Test
  void roomIsWhatItsOwnerSays() {
    final String name = unique("room");
    final V3RoomDetail made = this.bot.create(new V3RoomAttributes().name(name).description("ours")
        .addKeywordsItem(new RoomTag().key("region").value("EMEA")));

    final V3RoomDetail info = this.bot.getRoomInfo(id(made));

    assertEquals(name, info.getRoomAttributes().getName());
    assertFalse(info.getRoomAttributes().getPublic());
    assertEquals(this.ids.get("acme-bot"), info.getRoomSystemInfo().getCreatedByUserId());
    final V3RoomDetail renamed = this.bot.updateRoom(id(made), new V3RoomAttributes().name(name + "!").keywords(null));
    assertEquals("ours", renamed.getRoomAttributes().getDescription());
    assertEquals(1, renamed.getRoomAttributes().getKeywords().size());
    refused(400, () -> this.bot.updateRoom(id(made), new V3RoomAttributes().keywords(null)._public(true)));
    refused(400, () -> this.bot.create(new V3RoomAttributes().name(name.toUpperCase() + "!")));
  }

  @Test
  void roomOfOthersIsClosed() {
    final String room = room("closed");

    refused(403, () -> this.alice.getRoomInfo(room));
    refused(403, () -> this.alice.getStream(room));
    refused(403, () -> this.alice.updateRoom(room, new V3RoomAttributes().description("mine")));
    refused(403, () -> this.alice.addMemberToRoom(this.ids.get("alice"), room));
    refused(403, () -> this.alice.removeMemberFromRoom(this.ids.get("acme-bot"), room));
    refused(403, () -> this.alice.promoteUserToRoomOwner(this.ids.get("alice"), room));
    refused(403, () -> this.alice.demoteUserToRoomParticipant(this.ids.get("acme-bot"), room));
    assertEquals(room, id(this.admin.getRoomInfo(room)));
  }

  @Test
  void membersComeAndGo() {
    final String room = room("members");

    this.bot.addMemberToRoom(this.ids.get("alice"), room);

    assertEquals(Map.of(this.ids.get("acme-bot"), true, this.ids.get("alice"), false),
        this.bot.listRoomMembers(room).stream().collect(Collectors.toMap(MemberInfo::getId, MemberInfo::getOwner)));
    refused(400, () -> this.bot.addMemberToRoom(this.ids.get("alice"), room));
    refused(400, () -> this.bot.removeMemberFromRoom(this.ids.get("acme-bot"), room));
    this.bot.promoteUserToRoomOwner(this.ids.get("alice"), room);
    this.bot.demoteUserToRoomParticipant(this.ids.get("alice"), room);
    refused(403, () -> this.alice.demoteUserToRoomParticipant(this.ids.get("acme-bot"), room));
    this.bot.promoteUserToRoomOwner(this.ids.get("alice"), room);
    this.alice.demoteUserToRoomParticipant(this.ids.get("acme-bot"), room);
    refused(403, () -> this.bot.promoteUserToRoomOwner(this.ids.get("acme-bot"), room));
    refused(400, () -> this.alice.demoteUserToRoomParticipant(this.ids.get("alice"), room));
    this.bot.removeMemberFromRoom(this.ids.get("acme-bot"), room);
    refused(403, () -> this.bot.listRoomMembers(room));
    assertEquals(List.of(this.ids.get("alice")),
        this.admin.listRoomMembers(room).stream().map(MemberInfo::getId).collect(Collectors.toList()));
  }

  @Test
  void publicRoomIsOpenToTheCompany() throws Exception {
    final String room = id(this.bot.create(new V3RoomAttributes().name(unique("open"))._public(true)));

    this.alice.addMemberToRoom(this.ids.get("alice"), room);

    assertEquals(2, this.bot.listRoomMembers(room).size());
    final StreamService stranger = Pod.connect("globex-bot").streams();
    refused(400, () -> stranger.getRoomInfo(room));
  }

  @Test
  void deactivatedRoomRefuses() {
    final String room = room("closing");

    assertFalse(this.bot.setRoomActive(room, false).getRoomSystemInfo().getActive());

    refused(400, () -> this.bot.addMemberToRoom(this.ids.get("alice"), room));
    refused(400, () -> this.bot.removeMemberFromRoom(this.ids.get("acme-bot"), room));
    refused(400, () -> this.bot.share(room, article()));
    refused(403, () -> this.bot.setRoomActiveAdmin(room, true));
    assertTrue(this.admin.setRoomActiveAdmin(room, true).getRoomSystemInfo().getActive());
    this.bot.addMemberToRoom(this.ids.get("alice"), room);
    assertTrue(this.alice.getStream(room).getActive());
  }

  @Test
  void ownStreamsToTheLastPage() {
    final List<String> made = rooms("listed", 5);
    this.bot.setRoomActive(made.get(4), false);
    final StreamFilter rooms = new StreamFilter().addStreamTypesItem(new StreamType().type(StreamType.TypeEnum.ROOM));

    final List<String> listed = this.bot.listAllStreams(rooms, new StreamPaginationAttribute(2, 100_000))
        .map(StreamAttributes::getId).collect(Collectors.toList());

    assertEquals(made.subList(0, 4), listed.subList(listed.size() - 4, listed.size()));
    assertEquals(listed.size(), Set.copyOf(listed).size());
    assertEquals(made.subList(2, 4), this.bot.listStreams(rooms, new PaginationAttribute(listed.size() - 2, 50)).stream()
        .map(StreamAttributes::getId).collect(Collectors.toList()));
    assertFalse(this.bot.listStreams(rooms).isEmpty());
    assertEquals(listed.stream().limit(100).collect(Collectors.toList()), // the kit stops there unless told otherwise
        this.bot.listAllStreams(rooms).map(StreamAttributes::getId).collect(Collectors.toList()));
    // Nothing to list is an answer without a body, which this kit makes null of.
    assertNull(this.bot.listStreams(rooms, new PaginationAttribute(listed.size(), 50)));
  }

  @Test
  void roomsAreFoundToTheLastPage() {
    final String word = unique("").strip();
    final List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(id(this.bot.create(new V3RoomAttributes().name(word + " " + i).discoverable(true))));
    }
    final String secret = id(this.bot.create(new V3RoomAttributes().name("secret " + word)));
    final V2RoomSearchCriteria query = new V2RoomSearchCriteria();
    query.setQuery(word.toUpperCase());
    query.setSortOrder(V2RoomSearchCriteria.SortOrderEnum.BASIC); // RELEVANCE, the default, does not put the newest first

    final List<String> hers = this.alice.searchAllRooms(query, new StreamPaginationAttribute(2, 100))
        .map(StreamsTest::id).collect(Collectors.toList());
    final V3RoomSearchResults mine = this.bot.searchRooms(query, new PaginationAttribute(0, 2));

    Collections.reverse(made);
    assertEquals(made, hers, "the newest first, and not what is not to be found");
    assertEquals(6, mine.getCount());
    assertEquals(6, this.bot.searchRooms(query).getRooms().size());
    final List<String> everything = this.bot.searchAllRooms(query).map(StreamsTest::id).collect(Collectors.toList());
    assertEquals(6, everything.size());
    assertEquals(everything, this.bot.searchAllRooms(query, new StreamPaginationAttribute(4, 100)).map(StreamsTest::id)
        .collect(Collectors.toList()));
    assertEquals(List.of(secret, made.get(0)), mine.getRooms().stream().map(StreamsTest::id).collect(Collectors.toList()));
    query.setMember(new UserId().id(this.ids.get("bob")));
    assertEquals(0, this.alice.searchRooms(query).getCount());
  }

  @Test
  void administratorSeesTheCompany() {
    final List<String> made = rooms("seen", 3);
    this.bot.setRoomActive(made.get(2), false);
    final V2AdminStreamFilter rooms = new V2AdminStreamFilter().addStreamTypesItem(new V2AdminStreamType().type("ROOM"));

    final List<V2AdminStreamInfo> all = this.admin.listAllStreamsAdmin(rooms, new StreamPaginationAttribute(4, 100_000))
        .collect(Collectors.toList());

    assertEquals(made, all.stream().map(V2AdminStreamInfo::getId).skip(all.size() - 3).collect(Collectors.toList()));
    assertEquals(all.size(), this.admin.listStreamsAdmin(rooms, new PaginationAttribute(0, 1)).getCount());
    assertEquals(all.size(), this.admin.listStreamsAdmin(rooms).getCount());
    assertEquals(all.subList(0, Math.min(all.size(), 100)), this.admin.listAllStreamsAdmin(rooms).collect(Collectors.toList()));
    final V2AdminStreamInfo last = all.get(all.size() - 1);
    assertFalse(last.getIsActive());
    assertEquals("Acme", last.getAttributes().getOriginCompany());
    assertEquals(1, last.getAttributes().getMembersCount());
    refused(403, () -> this.bot.listStreamsAdmin(rooms));
  }

  @Test
  void membersToTheLastPage() {
    final String room = room("paged");
    for (final String name : List.of("alice", "bob", "carol")) {
      this.bot.addMemberToRoom(this.ids.get(name), room);
    }

    final List<V2MemberInfo> members = this.admin.listAllStreamMembers(room, new StreamPaginationAttribute(2, 100))
        .collect(Collectors.toList());

    assertEquals(List.of(this.ids.get("acme-bot"), this.ids.get("alice"), this.ids.get("bob"), this.ids.get("carol")),
        members.stream().map(m -> m.getUser().getUserId()).collect(Collectors.toList()));
    assertTrue(members.get(0).getIsOwner());
    assertTrue(members.get(0).getIsCreator());
    assertFalse(members.get(1).getIsOwner());
    assertEquals(4, this.admin.listStreamMembers(room, new PaginationAttribute(3, 2)).getCount());
    assertEquals(members, this.admin.listStreamMembers(room).getMembers());
    assertEquals(members, this.admin.listAllStreamMembers(room).collect(Collectors.toList()));
    refused(403, () -> this.bot.listStreamMembers(room));
  }

  @Test
  void whatBecameOfAMessage() throws Exception {
    final String im = this.bot.create(this.ids.get("alice")).getId();
    final String message = this.bot.share(im, article()).getId();
    final SymphonyBdk manager = Pod.connect("acme-admin");

    assertEquals(List.of(this.ids.get("alice").toString()),
        this.bdk.messages().getMessageStatus(message).getSent().stream().map(u -> u.getUserId()).collect(Collectors.toList()));
    assertEquals(this.ids.get("acme-bot"), manager.messages().listMessageReceipts(message).getCreator().getId());
    assertTrue(manager.messages().getMessageRelationships(message).getReplies().isEmpty());
    assertTrue(this.bdk.messages().listAttachments(im, null, null, null, null).isEmpty());
    refused(403, () -> this.bdk.messages().listMessageReceipts(message));
  }

  @Test
  void nobodyElseOpensIMsOfOthers() {
    refused(403, () -> this.bot.createInstantMessageAdmin(List.of(this.ids.get("alice"), this.ids.get("bob"))));
    refused(400, () -> this.bot.create(this.ids.get("acme-bot")));
    refused(400, () -> this.bot.create(123L));
  }

  private static void refused(int status, Executable call) {
    assertEquals(status, assertThrows(ApiRuntimeException.class, call).getCode());
  }

  private static String id(V3RoomDetail room) {
    return room.getRoomSystemInfo().getId();
  }

  /** A name that no other test gives a room. */
  private static String unique(String name) {
    return name + " " + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  }

  private String room(String name) {
    return id(this.bot.create(new V3RoomAttributes().name(unique(name))));
  }

  private List<String> rooms(String name, int n) {
    final List<String> made = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      made.add(room(name + " " + i));
    }
    return made;
  }

  private static ShareContent article() {
    return new ShareContent().type("com.symphony.sharing.article")
        .content(new ShareArticle().title("News").publisher("P").author("A").appId("ticker").articleId("7"));
  }
}
