package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.activity.command.CommandContext;
import com.symphony.bdk.core.activity.command.SlashCommand;
import com.symphony.bdk.core.service.datafeed.RealTimeEventListener;
import com.symphony.bdk.gen.api.model.V3RoomAttributes;
import com.symphony.bdk.gen.api.model.V4Initiator;
import com.symphony.bdk.gen.api.model.V4Message;
import com.symphony.bdk.gen.api.model.V4MessageSent;
import com.symphony.bdk.gen.api.model.V4RoomUpdated;
import com.symphony.bdk.gen.api.model.V4UserJoinedRoom;
import com.symphony.bdk.gen.api.model.V4UserLeftRoom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A bot hears: the kit's datafeed loop, and its commands. */
class DatafeedTest implements RealTimeEventListener {

  private static final int PATIENCE = 30; // seconds

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private SymphonyBdk bot;
  private SymphonyBdk administrator;
  private long me;
  private String im;
  private Thread loop;

  @BeforeEach
  void run() throws Exception {
    this.bot = Pod.connect("acme-bot");
    this.administrator = Pod.connect("acme-admin");
    this.me = this.bot.sessions().getSession().getId();
    this.im = this.administrator.streams().create(this.me).getId();
    this.bot.datafeed().subscribe(this);
    this.bot.activities().register(SlashCommand.slash("/hello", this::answer));
    this.loop = new Thread(() -> {
      try {
        this.bot.datafeed().start();
      } catch (Exception e) {
        this.heard.add("the loop has ended: " + e);
      }
    });
    this.loop.start();
    String first = null;
    for (int n = 0; first == null && n < PATIENCE; n++) { // nothing tells when the loop's feed has begun
      say(this.im, "warm " + n);
      first = this.heard.poll(1, TimeUnit.SECONDS);
    }
    assertTrue(first != null && first.startsWith("message acme-admin"), first);
    while (this.heard.poll(1500, TimeUnit.MILLISECONDS) != null) { }
  }

  @AfterEach
  void stop() throws Exception {
    this.bot.datafeed().stop(); // the loop ends with its last read
    say(this.im, "the end");
    this.loop.join(TimeUnit.SECONDS.toMillis(PATIENCE));
  }

  private void answer(CommandContext context) {
    this.bot.messages().send(context.getStreamId(), "<messageML>Hello, world!</messageML>");
  }

  private V4Message say(String stream, String text) {
    return this.administrator.messages().send(stream, "<messageML>" + text + "</messageML>");
  }

  @Override
  public void onMessageSent(V4Initiator initiator, V4MessageSent event) {
    this.heard.add("message " + initiator.getUser().getUsername() + " " + event.getMessage().getMessage().replaceAll("<[^>]*>", ""));
  }

  @Override
  public void onUserJoinedRoom(V4Initiator initiator, V4UserJoinedRoom event) {
    this.heard.add("joined " + event.getAffectedUser().getUsername());
  }

  @Override
  public void onUserLeftRoom(V4Initiator initiator, V4UserLeftRoom event) {
    this.heard.add("left " + event.getAffectedUser().getUsername());
  }

  @Override
  public void onRoomUpdated(V4Initiator initiator, V4RoomUpdated event) {
    this.heard.add("updated " + event.getNewRoomProperties().getName());
  }

  private String next() throws Exception {
    return this.heard.poll(PATIENCE, TimeUnit.SECONDS);
  }

  @Test
  void loopTellsWhatHappensInARoom() throws Exception {
    final String name = "heard in Java " + System.nanoTime();
    final String room = this.administrator.streams().create(new V3RoomAttributes().name(name)._public(false).description("heard"))
        .getRoomSystemInfo().getId();
    this.administrator.streams().addMemberToRoom(this.me, room);
    say(room, "in the room");
    this.administrator.streams().updateRoom(room, new V3RoomAttributes().name(name + "!"));
    this.administrator.streams().removeMemberFromRoom(this.me, room);
    say(room, "without the bot");

    for (String expected : List.of("joined acme-bot", "message acme-admin in the room", "updated " + name + "!", "left acme-bot")) {
      assertEquals(expected, next());
    }
    assertEquals(null, this.heard.poll(1, TimeUnit.SECONDS));
  }

  @Test
  void botAnswersACommand() throws Exception {
    final V4Message asked = say(this.im, "<mention uid=\"" + this.me + "\"/> /hello");
    for (int n = 0; n < PATIENCE * 5; n++) {
      final List<V4Message> said = this.administrator.messages().listMessages(this.im, Instant.ofEpochMilli(asked.getTimestamp()));
      if (said.stream().anyMatch(m -> m.getMessage().contains("Hello, world!"))) {
        return;
      }
      Thread.sleep(200);
    }
    assertTrue(false, "the bot does not answer");
  }
}
