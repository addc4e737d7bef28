package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.service.pagination.model.PaginationAttribute;
import com.symphony.bdk.core.service.pagination.model.StreamPaginationAttribute;
import com.symphony.bdk.core.service.stream.OboStreamService;
import com.symphony.bdk.core.service.stream.StreamService;
import com.symphony.bdk.gen.api.model.MemberInfo;
import com.symphony.bdk.gen.api.model.StreamAttributes;
import com.symphony.bdk.gen.api.model.StreamFilter;
import com.symphony.bdk.gen.api.model.StreamType;
import com.symphony.bdk.gen.api.model.UserV2;
import com.symphony.bdk.gen.api.model.V2RoomSearchCriteria;
import com.symphony.bdk.gen.api.model.V3RoomAttributes;
import com.symphony.bdk.gen.api.model.V3RoomDetail;
import com.symphony.bdk.gen.api.model.V3RoomSearchResults;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What an application does with rooms for its user is her doing: she is the owner and the member,
 * and sees what she sees.
 */
class OboStreamsTest {

  private final String word = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  private StreamService bot;
  private StreamService admin;
  private OboStreamService alice;
  private OboStreamService bob;
  private long aliceId;
  private long bobId;
  private long carolId;

  @BeforeEach
  void connect() throws Exception {
    final SymphonyBdk bdk = Pod.connect("acme-bot");
    this.bot = bdk.streams();
    this.admin = Pod.connect("acme-admin").streams();
    this.alice = bdk.obo(bdk.obo("alice")).streams();
    this.bob = bdk.obo(bdk.obo("bob")).streams();
    final Map<String, Long> ids = bdk.users().listUsersByUsernames(List.of("alice", "bob", "carol")).stream()
        .collect(Collectors.toMap(UserV2::getUsername, UserV2::getId));
    this.aliceId = ids.get("alice");
    this.bobId = ids.get("bob");
    this.carolId = ids.get("carol");
  }

  @Test
  void sheOwnsTheRoomAndChoosesWhoIsInIt() {
    final V3RoomDetail made = this.alice.create(new V3RoomAttributes().name(this.word));
    final String room = id(made);

    assertEquals(this.aliceId, made.getRoomSystemInfo().getCreatedByUserId());
    this.alice.addMemberToRoom(this.bobId, room);
    assertEquals(Map.of(this.aliceId, true, this.bobId, false), owners(room));
    this.alice.promoteUserToRoomOwner(this.bobId, room);
    assertEquals(Map.of(this.aliceId, true, this.bobId, true), owners(room));
    this.bob.removeMemberFromRoom(this.aliceId, room);
    assertEquals(Map.of(this.bobId, true), owners(room));
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> this.alice.getRoomInfo(room)).getCode());
    assertEquals(this.word, this.bob.getRoomInfo(room).getRoomAttributes().getName());
  }

  @Test
  void sheChangesWhatIsHers() {
    final String room = id(this.alice.create(new V3RoomAttributes().name(this.word).description("hers")));
    this.alice.addMemberToRoom(this.bobId, room);

    this.alice.updateRoom(room, new V3RoomAttributes().name(this.word + "!").keywords(null));

    assertEquals(this.word + "!", this.bob.getRoomInfo(room).getRoomAttributes().getName());
    assertEquals(403, assertThrows(ApiRuntimeException.class,
        () -> this.bob.updateRoom(room, new V3RoomAttributes().description("his").keywords(null))).getCode());
    assertEquals("hers", this.alice.getRoomInfo(room).getRoomAttributes().getDescription());
  }

  @Test
  void sheOpensAConversationOfSeveral() {
    final String mim = this.alice.create(List.of(this.bobId, this.carolId)).getId();

    assertEquals("MIM", this.bob.getStream(mim).getStreamType().getType());
    assertEquals(Set.of(this.aliceId, this.bobId, this.carolId),
        Set.copyOf(this.bob.getStream(mim).getStreamAttributes().getMembers()));
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> this.bot.getStream(mim)).getCode());
  }

  @Test
  void sheListsHerOwnToTheLastPage() {
    final String shared = id(this.alice.create(new V3RoomAttributes().name(this.word + " shared")));
    this.alice.addMemberToRoom(this.bobId, shared);
    final String last = id(this.alice.create(new V3RoomAttributes().name(this.word + " hers")));
    final String his = id(this.bob.create(new V3RoomAttributes().name(this.word + " his")));
    final StreamFilter rooms = new StreamFilter().addStreamTypesItem(new StreamType().type(StreamType.TypeEnum.ROOM));

    final List<String> hers = this.alice.listAllStreams(rooms, new StreamPaginationAttribute(2, 100_000))
        .map(StreamAttributes::getId).collect(Collectors.toList());

    assertEquals(List.of(shared, last), hers.subList(hers.size() - 2, hers.size()));
    assertFalse(hers.contains(his));
    assertEquals(List.of(last), this.alice.listStreams(rooms, new PaginationAttribute(hers.size() - 1, 50)).stream()
        .map(StreamAttributes::getId).collect(Collectors.toList()));
    // The kit asks for 50 unless told otherwise, and for 100 in all.
    assertEquals(hers.subList(0, Math.min(hers.size(), 50)),
        this.alice.listStreams(rooms).stream().map(StreamAttributes::getId).collect(Collectors.toList()));
    assertEquals(hers.subList(0, Math.min(hers.size(), 100)),
        this.alice.listAllStreams(rooms).map(StreamAttributes::getId).collect(Collectors.toList()));
  }

  @Test
  void sheFindsWhatIsToBeFound() {
    final String open = id(this.bob.create(new V3RoomAttributes().name(this.word + " open").discoverable(true)));
    this.bob.create(new V3RoomAttributes().name(this.word + " secret"));
    final String hers = id(this.alice.create(new V3RoomAttributes().name(this.word + " hers")));
    final V2RoomSearchCriteria query = new V2RoomSearchCriteria();
    query.setQuery(this.word);

    assertEquals(List.of(hers, open), this.alice.searchAllRooms(query).map(OboStreamsTest::id).collect(Collectors.toList()));
    final V3RoomSearchResults page = this.alice.searchRooms(query, new PaginationAttribute(1, 1));
    assertEquals(2, page.getCount());
    assertEquals(List.of(open), page.getRooms().stream().map(OboStreamsTest::id).collect(Collectors.toList()));
  }

  private Map<Long, Boolean> owners(String room) {
    return this.admin.listRoomMembers(room).stream().collect(Collectors.toMap(MemberInfo::getId, MemberInfo::getOwner));
  }

  private static String id(V3RoomDetail room) {
    return room.getRoomSystemInfo().getId();
  }
}
