package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.service.pagination.model.PaginationAttribute;
import com.symphony.bdk.core.service.pagination.model.StreamPaginationAttribute;
import com.symphony.bdk.core.service.signal.OboSignalService;
import com.symphony.bdk.core.service.signal.SignalService;
import com.symphony.bdk.gen.api.model.BaseSignal;
import com.symphony.bdk.gen.api.model.ChannelSubscriber;
import com.symphony.bdk.gen.api.model.ChannelSubscriptionResponse;
import com.symphony.bdk.gen.api.model.MessageSearchQuery;
import com.symphony.bdk.gen.api.model.Signal;
import com.symphony.bdk.gen.api.model.V4Message;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Collectors;

/** A bot and an app's user manage signals, and find the messages of one. */
class SignalTest {

  private SymphonyBdk bot;
  private SignalService signals;
  private OboSignalService alice;
  private long bob;

  @BeforeEach
  void connect() throws Exception {
    this.bot = Pod.connect("acme-bot");
    this.signals = this.bot.signals();
    this.alice = this.bot.obo(this.bot.obo("alice")).signals();
    this.bob = this.bot.users().listUsersByUsernames(List.of("bob")).get(0).getId();
  }

  @Test
  void signalIsManaged() {
    final Signal made = this.signals.createSignal(base("hash and cash", "hashtag:hash AND cashtag:cash"));

    assertEquals("HASHTAG:hash AND CASHTAG:cash", made.getQuery());
    assertTrue(made.getVisibleOnProfile());
    assertFalse(made.getCompanyWide());
    assertEquals(made, this.signals.getSignal(made.getId()));
    assertTrue(this.signals.listSignals().contains(made));
    assertTrue(this.signals.listSignals(new PaginationAttribute(0, 500)).contains(made));
    assertTrue(this.signals.listAllSignals().collect(Collectors.toList()).contains(made));
    assertTrue(this.signals.listAllSignals(new StreamPaginationAttribute(1, 500)).collect(Collectors.toList()).contains(made));
    assertEquals("HASHTAG:other", this.signals.updateSignal(made.getId(), base("other", "hashtag:other")).getQuery());
    this.signals.deleteSignal(made.getId());
    assertEquals(400, assertThrows(ApiRuntimeException.class, () -> this.signals.getSignal(made.getId())).getCode());
  }

  @Test
  void usersAreSubscribed() {
    final String id = this.signals.createSignal(base("pushed", "hashtag:pushed")).getId();
    final ChannelSubscriptionResponse result = this.signals.subscribeUsersToSignal(id, true, List.of(this.bob, 1L));

    assertEquals(1L, result.getSuccessfulSubscription());
    assertEquals(1L, result.getSubscriptionErrors().get(0).getUserId());
    final List<ChannelSubscriber> all = this.signals.listSubscribers(id);
    assertEquals(2, all.size());
    assertTrue(all.get(0).getOwner());
    assertTrue(all.get(1).getPushed());
    assertEquals(all.subList(1, 2), this.signals.listSubscribers(id, new PaginationAttribute(1, 1)));
    assertEquals(all, this.signals.listAllSubscribers(id).collect(Collectors.toList()));
    assertEquals(all, this.signals.listAllSubscribers(id, new StreamPaginationAttribute(1, 100)).collect(Collectors.toList()));
    assertEquals(1L, this.signals.unsubscribeUsersFromSignal(id, List.of(this.bob)).getSuccessfulSubscription());
    this.signals.deleteSignal(id);
  }

  @Test
  void appManagesSignalsOfItsUser() {
    final Signal made = this.alice.createSignal(base("hers", "hashtag:hers"));
    final String id = made.getId();

    assertEquals(made, this.alice.getSignal(id));
    assertTrue(this.alice.listSignals().contains(made));
    assertTrue(this.alice.listSignals(new PaginationAttribute(0, 500)).contains(made));
    assertTrue(this.alice.listAllSignals().collect(Collectors.toList()).contains(made));
    assertTrue(this.alice.listAllSignals(new StreamPaginationAttribute(1, 500)).collect(Collectors.toList()).contains(made));
    assertEquals("HASHTAG:still", this.alice.updateSignal(id, base("hers", "hashtag:still")).getQuery());
    assertEquals(1L, this.alice.subscribeUsersToSignal(id, false, List.of(this.bob)).getSuccessfulSubscription());
    assertEquals(2, this.alice.listSubscribers(id).size());
    assertEquals(1, this.alice.listSubscribers(id, new PaginationAttribute(1, 1)).size());
    assertEquals(2, this.alice.listAllSubscribers(id).count());
    assertEquals(2, this.alice.listAllSubscribers(id, new StreamPaginationAttribute(1, 100)).count());
    assertEquals(1L, this.alice.unsubscribeUsersFromSignal(id, List.of(this.bob)).getSuccessfulSubscription());
    this.alice.deleteSignal(id);
  }

  @Test
  void messagesOfASignalAreFound() {
    final String tag = "tag" + System.nanoTime();
    final String im = this.bot.streams().create(this.bob).getId();
    final V4Message sent = this.bot.messages().send(im, "<messageML>a deal <hash tag=\"" + tag + "\"/></messageML>");
    final Signal signal = this.signals.createSignal(base("search", "hashtag:" + tag));

    final List<V4Message> found = this.bot.messages().searchMessages(new MessageSearchQuery().signal(signal.getId()));

    assertEquals(List.of(sent.getMessageId()), found.stream().map(V4Message::getMessageId).collect(Collectors.toList()));
  }

  private static BaseSignal base(final String name, final String query) {
    return new BaseSignal().name(name).query(query);
  }
}
