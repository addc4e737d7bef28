package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.OboServices;
import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.service.message.OboMessageService;
import com.symphony.bdk.core.service.stream.OboStreamService;
import com.symphony.bdk.gen.api.model.MessageSuppressionResponse;
import com.symphony.bdk.gen.api.model.ShareArticle;
import com.symphony.bdk.gen.api.model.ShareContent;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/** Messages are suppressed by who has written them, and by who manages content. */
class SuppressionTest {

  private SymphonyBdk bot;
  private OboServices alice;
  private String im;

  @BeforeEach
  void connect() throws Exception {
    this.bot = Pod.connect("acme-bot");
    this.alice = this.bot.obo(this.bot.obo("alice"));
    this.im = this.bot.streams().create(this.bot.users().listUsersByUsernames(List.of("alice")).get(0).getId()).getId();
  }

  @Test
  void ownMessageIsSuppressedOnce() {
    final String message = say(this.bot.streams());
    assertEquals(1, this.bot.messages().getMessageStatus(message).getSent().size());

    final MessageSuppressionResponse first = this.bot.messages().suppressMessage(message);
    final MessageSuppressionResponse second = this.bot.messages().suppressMessage(message);

    assertEquals(message, first.getMessageId());
    assertTrue(first.getSuppressed() && second.getSuppressed());
    assertTrue(first.getSuppressionDate() > 0);
    assertEquals(0, second.getSuppressionDate());
    assertTrue(this.bot.messages().getMessageStatus(message).getSent().isEmpty());
  }

  @Test
  void appSuppressesWhatItsUserHasSaid() {
    final String hers = say(this.alice.streams());
    final String other = say(this.bot.streams());

    assertTrue(this.alice.messages().suppressMessage(hers).getSuppressed());
    refused(403, this.alice.messages(), other);
  }

  @Test
  void contentManagerSuppressesAnything() throws Exception {
    final String message = say(this.alice.streams());
    refused(403, this.bot.messages(), message);

    assertTrue(Pod.connect("acme-admin").messages().suppressMessage(message).getSuppressionDate() > 0);
  }

  @Test
  void unknownMessageIsNotSuppressed() {
    final String message = say(this.bot.streams());

    refused(400, this.bot.messages(), message.substring(0, message.length() - 6) + "AAAAbQ");
  }

  private String say(OboStreamService sender) {
    final ShareArticle article = new ShareArticle().title("T").publisher("P").author("A").appId("ticker").articleId("7");
    return sender.share(this.im, new ShareContent().type("com.symphony.sharing.article").content(article)).getId();
  }

  private static void refused(int status, OboMessageService messages, String message) {
    assertEquals(status, assertThrows(ApiRuntimeException.class, () -> messages.suppressMessage(message)).getCode());
  }
}
