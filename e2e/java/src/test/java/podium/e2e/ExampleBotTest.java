package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.activity.ActivityMatcher;
import com.symphony.bdk.core.activity.command.CommandContext;
import com.symphony.bdk.core.activity.command.SlashCommand;
import com.symphony.bdk.core.activity.form.FormReplyActivity;
import com.symphony.bdk.core.activity.form.FormReplyContext;
import com.symphony.bdk.core.activity.model.ActivityInfo;
import com.symphony.bdk.core.activity.model.ActivityType;
import com.symphony.bdk.core.activity.parsing.Arguments;
import com.symphony.bdk.core.activity.room.UserJoinedRoomActivity;
import com.symphony.bdk.core.activity.room.UserJoinedRoomContext;
import com.symphony.bdk.core.auth.exception.AuthUnauthorizedException;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.core.config.model.BdkDatahoseConfig;
import com.symphony.bdk.core.service.datafeed.RealTimeEventListener;
import com.symphony.bdk.gen.api.model.Feature;
import com.symphony.bdk.gen.api.model.V2UserDetail;
import com.symphony.bdk.gen.api.model.V3RoomAttributes;
import com.symphony.bdk.gen.api.model.V4Initiator;
import com.symphony.bdk.gen.api.model.V4Message;
import com.symphony.bdk.gen.api.model.V4MessageSent;
import com.symphony.bdk.gen.api.model.V4RoomCreated;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What the examples of the kit do: commands, forms, activities, on behalf of a user, the datahose. */
class ExampleBotTest {

  private static final String FORM = "<messageML><form id=\"order\"><select name=\"side\" required=\"true\"><option value=\"buy\">Buy</option>"
      + "<option value=\"sell\">Sell</option></select><text-field name=\"count\" required=\"true\"/>"
      + "<button name=\"send\" type=\"action\">Send</button></form></messageML>";

  private Person person;
  private long me;
  private SymphonyBdk bot;
  private long alice;
  private Runnable stop;
  private String im;

  @BeforeEach
  void connect() throws Exception {
    this.person = new Person(Pod.connect("acme-admin"));
    final V2UserDetail made = this.person.bdk.users().create(Accounts.service());
    this.me = Accounts.id(made);
    this.alice = this.person.bdk.users().listUsersByUsernames(List.of("alice")).get(0).getId();
    this.im = this.person.bdk.streams().create(this.me).getId();
    final BdkDatahoseConfig datahose = new BdkDatahoseConfig();
    datahose.setEventTypes(List.of("MESSAGESENT", "ROOMCREATED"));
    datahose.setTag(UUID.randomUUID().toString());
    final BdkConfig config = Pod.config("acme-bot");
    config.getBot().setUsername(made.getUserAttributes().getUserName());
    config.setDatahose(datahose);
    this.bot = Pod.connect(config);
  }

  @AfterEach
  void stop() {
    this.stop.run(); // the loop ends with its last read
    this.person.say(this.im, "the end");
  }

  private interface Loop {
    void start() throws Exception;
  }

  private void run(Loop loop, Runnable stop) {
    this.stop = stop;
    final Thread thread = new Thread(() -> {
      try {
        loop.start();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
    thread.setDaemon(true);
    thread.start();
  }

  private void say(CommandContext context, String text) {
    this.bot.messages().send(context.getStreamId(), "<messageML>" + text + "</messageML>");
  }

  private void sign(CommandContext context) {
    try {
      this.bot.obo(this.bot.obo("alice")).messages().send(context.getStreamId(), "<messageML>Signed, Alice</messageML>");
    } catch (AuthUnauthorizedException e) {
      say(context, "not signed");
    }
  }

  @Test
  void exampleBotAnswers() throws Exception {
    this.bot.activities().register(SlashCommand.slash("/ping", false, context -> say(context, "pong")));
    this.bot.activities().register(SlashCommand.slash("/order", false, context -> this.bot.messages().send(context.getStreamId(), FORM)));
    this.bot.activities().register(SlashCommand.slash("/sign", false, this::sign));
    this.bot.activities().register(SlashCommand.slash("/echo {words} {@who} {$what}", context -> {
      final Arguments given = context.getArguments();
      say(context, given.getString("words") + " " + given.getMention("who").getUserId() + " " + given.getCashtag("what").getValue());
    }));
    this.bot.activities().register(new Order());
    this.bot.activities().register(new Welcome());
    run(this.bot.datafeed()::start, this.bot.datafeed()::stop);
    assertEquals("pong", Person.text(this.person.reach(this.im, "/ping")));

    final String mention = "<mention uid=\"" + this.me + "\"/>";
    assertEquals("words " + this.me + " ibm",
        Person.text(this.person.ask(this.im, mention + " /echo words " + mention + " <cash tag=\"ibm\"/>")));
    final V4Message form = this.person.ask(this.im, "/order");
    // The second side is no option of the form.
    assertEquals(400, this.person.submit(this.im, form, "order", Map.of("action", "send", "side", "hold", "count", "12")));
    assertEquals(200, this.person.submit(this.im, form, "order", Map.of("action", "send", "side", "sell", "count", "12")));
    assertEquals("sell 12", Person.text(this.person.answer(this.im, form)));

    final String room = this.person.room();
    for (Map.Entry<Long, String> user : List.of(Map.entry(this.me, "A bot"), Map.entry(this.alice, "Alice Archer"))) {
      final V4Message coming = this.person.say(room, user.getValue() + " is coming");
      this.person.bdk.streams().addMemberToRoom(user.getKey(), room);
      assertEquals("Welcome, @" + user.getValue() + "!", Person.text(this.person.answer(room, coming)));
    }
    final V4Message signed = this.person.ask(room, "/sign");
    assertEquals("Signed, Alice", Person.text(signed));
    assertEquals(this.alice, signed.getUser().getUserId());
  }

  private final class Order extends FormReplyActivity<FormReplyContext> {

    @Override
    public ActivityMatcher<FormReplyContext> matcher() {
      return context -> "order".equals(context.getFormId()) && "send".equals(context.getFormValue("action"));
    }

    @Override
    public void onActivity(FormReplyContext context) {
      ExampleBotTest.this.bot.messages().send(context.getSourceEvent().getStream(),
          "<messageML>" + context.getFormValue("side") + " " + context.getFormValue("count") + "</messageML>");
    }

    @Override
    protected ActivityInfo info() {
      return new ActivityInfo().type(ActivityType.FORM).name("Order");
    }
  }

  private final class Welcome extends UserJoinedRoomActivity<UserJoinedRoomContext> {

    @Override
    public ActivityMatcher<UserJoinedRoomContext> matcher() {
      return context -> true;
    }

    @Override
    public void onActivity(UserJoinedRoomContext context) {
      final long joined = context.getSourceEvent().getAffectedUser().getUserId();
      ExampleBotTest.this.bot.messages().send(context.getSourceEvent().getStream(),
          "<messageML>Welcome, <mention uid=\"" + joined + "\"/>!</messageML>");
    }

    @Override
    protected ActivityInfo info() {
      return new ActivityInfo().type(ActivityType.USER_JOINED_ROOM).name("Welcome");
    }
  }

  @Test
  void datahoseTellsOfAllConversations() throws Exception {
    this.person.bdk.users().updateFeatureEntitlements(this.me, List.of(new Feature().entitlment("canCreateDatahose").enabled(true),
        new Feature().entitlment("canReadDatahose").enabled(true)));
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    this.bot.datahose().subscribe(new RealTimeEventListener() {
      @Override
      public void onMessageSent(V4Initiator initiator, V4MessageSent event) {
        heard.add(event.getMessage().getStream().getStreamId() + " " + Person.text(event.getMessage()));
      }

      @Override
      public void onRoomCreated(V4Initiator initiator, V4RoomCreated event) {
        heard.add(event.getStream().getStreamId() + " created: " + event.getRoomProperties().getName());
      }
    });
    run(this.bot.datahose()::start, this.bot.datahose()::stop);

    final String room = this.person.room(); // the bot is no member
    for (int n = 0; heard.isEmpty(); n++) { // nothing tells when the feed has begun
      assertTrue(n < Person.PATIENCE * 2, "the datahose is silent");
      this.person.say(room, "warm");
      Thread.sleep(500);
    }
    final String between = this.person.bdk.streams().create(this.alice).getId();
    final String name = "Hosed " + UUID.randomUUID();
    final String made = this.person.bdk.streams().create(new V3RoomAttributes().name(name)._public(false).description("heard"))
        .getRoomSystemInfo().getId();
    this.person.say(between, "between us");
    this.person.bdk.streams().addMemberToRoom(this.me, room); // of a type that it does not ask for
    this.person.say(room, "the last");

    for (String wanted : List.of(made + " created: " + name, between + " between us", room + " the last")) {
      String told = heard.poll(Person.PATIENCE, TimeUnit.SECONDS);
      while (told != null && !told.equals(wanted)) { // the rest of the company says things, too
        told = heard.poll(Person.PATIENCE, TimeUnit.SECONDS);
      }
      assertEquals(wanted, told);
    }
  }
}
