package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.OboServices;
import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.service.message.MessageService;
import com.symphony.bdk.core.service.message.model.Message;
import com.symphony.bdk.core.service.message.model.SortDir;
import com.symphony.bdk.core.service.pagination.model.PaginationAttribute;
import com.symphony.bdk.gen.api.model.MessageSearchQuery;
import com.symphony.bdk.gen.api.model.V3HealthStatus;
import com.symphony.bdk.gen.api.model.V3RoomAttributes;
import com.symphony.bdk.gen.api.model.V4ImportedMessage;
import com.symphony.bdk.gen.api.model.V4ImportResponse;
import com.symphony.bdk.gen.api.model.V4Message;
import com.symphony.bdk.gen.api.model.V4MessageBlastResponse;
import com.symphony.bdk.gen.api.model.V4Stream;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** A bot sends, updates, reads, searches and imports messages. */
class MessageTest {

  private SymphonyBdk bot;
  private MessageService messages;
  private String im;
  private long alice;

  @BeforeEach
  void connect() throws Exception {
    this.bot = Pod.connect("acme-bot");
    this.messages = this.bot.messages();
    this.alice = this.bot.users().listUsersByUsernames(List.of("alice")).get(0).getId();
    this.im = this.bot.streams().create(this.alice).getId();
  }

  @Test
  void messageIsSentAndRead() {
    final V4Message sent = this.messages.send(this.im, "<messageML>Hello <b>world</b></messageML>");

    assertEquals("<div data-format=\"PresentationML\" data-version=\"2.0\">Hello <b>world</b></div>", sent.getMessage());
    assertEquals(this.im, sent.getStream().getStreamId());
    assertEquals("acme-bot", sent.getUser().getUsername());
    assertEquals(sent.getMessage(), this.messages.getMessage(sent.getMessageId()).getMessage());
    final List<V4Message> listed = this.messages.listMessages(this.im, Instant.ofEpochMilli(sent.getTimestamp()));
    assertEquals(sent.getMessageId(), listed.get(0).getMessageId());
    assertEquals(sent.getMessageId(), this.messages.listMessages(this.im, Instant.ofEpochMilli(sent.getTimestamp()),
        new PaginationAttribute(0, 1)).get(0).getMessageId());
  }

  @Test
  void streamMayBeThatOfAMessage() {
    final V4Stream stream = this.messages.send(this.im, "one").getStream();
    final V4Message sent = this.messages.send(stream, Message.builder().content("two").build());
    final V4Message last = this.messages.send(stream, "three");

    assertEquals(last.getMessageId(), this.messages.listMessages(stream, Instant.ofEpochMilli(last.getTimestamp())).get(0).getMessageId());
    assertEquals(1, this.messages.listMessages(stream, Instant.ofEpochMilli(sent.getTimestamp()), new PaginationAttribute(0, 1)).size());
  }

  @Test
  void messageIsUpdated() {
    final V4Message first = this.messages.send(this.im, Message.builder().content("one").build());
    final V4Message second = this.messages.update(first, Message.builder().content("two").silent(false).build());
    final V4Message third = this.messages.update(this.im, first.getMessageId(), Message.builder().content("three").build());

    assertEquals(first.getMessageId(), second.getReplacing());
    assertEquals(second.getMessageId(), third.getReplacing());
    assertEquals(first.getMessageId(), third.getInitialMessageId());
    assertEquals(first.getTimestamp(), third.getInitialTimestamp());
    assertFalse(second.getSilent());
  }

  @Test
  void messageGoesToSeveralStreams() {
    final V4MessageBlastResponse answer = this.messages.send(List.of(this.im, "none"), Message.builder().content("to all").build());

    assertEquals(1, answer.getMessages().size());
    assertEquals("Invalid stream id", answer.getErrors().get("none").getMessage());
  }

  @Test
  void messagesAreFound() {
    final String room = room("found");
    final String tag = "deal" + System.nanoTime();
    final V4Message sent = this.messages.send(room, "<messageML>The report <hash tag=\"" + tag + "\"/></messageML>");
    this.messages.send(room, "Another report");

    assertEquals(sent.getMessageId(), this.messages.searchMessages(new MessageSearchQuery().hashtag(tag)).get(0).getMessageId());
    final MessageSearchQuery reports = new MessageSearchQuery().text("report").streamId(room);
    assertEquals(2, this.messages.searchMessages(reports).size());
    assertEquals(sent.getMessageId(), this.messages.searchMessages(reports, new PaginationAttribute(0, 1), SortDir.ASC).get(0).getMessageId());
    assertEquals(2, this.messages.searchMessages(reports, new PaginationAttribute(0, 5)).size());
  }

  @Test
  void appSendsForItsUser() throws Exception {
    final OboServices hers = this.bot.obo(this.bot.obo("alice"));
    final V4Message sent = hers.messages().send(this.im, "from Alice");

    for (final V4Message other : List.of(sent, hers.messages().send(this.im, Message.builder().content("two").build()),
        hers.messages().send(sent.getStream(), "three"), hers.messages().send(sent.getStream(), Message.builder().content("four").build()))) {
      assertEquals(this.alice, other.getUser().getUserId());
    }
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> this.messages.update(sent, Message.builder().content("x").build())).getCode());
  }

  @Test
  void messagesOfAnotherSystemAreImported() throws Exception {
    final SymphonyBdk admin = Pod.connect("acme-admin");
    final String room = admin.streams().create(new V3RoomAttributes().name("old " + System.nanoTime()).description("Of another system")).getRoomSystemInfo().getId();
    admin.streams().addMemberToRoom(this.alice, room);
    final V4ImportedMessage old = new V4ImportedMessage().message("<messageML>old</messageML>").intendedMessageTimestamp(1600000000000L)
        .intendedMessageFromUserId(this.alice).originatingSystemId("fooChat").originalMessageId("m-1").streamId(room);

    final V4ImportResponse first = admin.messages().importMessages(List.of(old)).get(0);
    assertEquals(first.getMessageId(), admin.messages().importMessages(List.of(old)).get(0).getMessageId());
  }

  @Test
  void fileComesBack() {
    final byte[] content = "a text".getBytes(StandardCharsets.UTF_8);
    final V4Message sent = this.messages.send(this.im,
        Message.builder().content("with a file").addAttachment(new ByteArrayInputStream(content), "naïve.txt").build());

    assertEquals("naïve.txt", sent.getAttachments().get(0).getName());
    final byte[] read = this.messages.getAttachment(this.im, sent.getMessageId(), sent.getAttachments().get(0).getId());
    assertArrayEquals(content, Base64.getDecoder().decode(read));
  }

  @Test
  void malformedMessageIsRefusedAtOnce() {
    final ApiRuntimeException refusal = assertThrows(ApiRuntimeException.class, () -> this.messages.send(this.im, "<messageML><u>x</u></messageML>"));

    assertEquals(400, refusal.getCode());
    assertTrue(refusal.getMessage().contains("Invalid MessageML content at element"), refusal.getMessage());
  }

  @Test
  void agentIsHealthy() {
    assertEquals(V3HealthStatus.UP, this.bot.health().healthCheck().getStatus());
    assertEquals(V3HealthStatus.UP, this.bot.health().healthCheckExtended().getServices().get("pod").getStatus());
    assertTrue(this.bot.health().getAgentInfo().getVersion().startsWith("Agent-"));
  }

  private String room(String name) {
    return this.bot.streams().create(new V3RoomAttributes().name(name + " " + System.nanoTime()).description("A room")).getRoomSystemInfo().getId();
  }
}
