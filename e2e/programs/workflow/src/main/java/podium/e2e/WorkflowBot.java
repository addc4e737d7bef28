package podium.e2e;

import com.symphony.bdk.core.activity.ActivityMatcher;
import com.symphony.bdk.core.activity.command.CommandContext;
import com.symphony.bdk.core.activity.form.FormReplyActivity;
import com.symphony.bdk.core.activity.form.FormReplyContext;
import com.symphony.bdk.core.activity.model.ActivityInfo;
import com.symphony.bdk.core.activity.model.ActivityType;
import com.symphony.bdk.core.service.message.MessageService;
import com.symphony.bdk.core.service.message.model.Message;
import com.symphony.bdk.gen.api.model.V4MessageSent;
import com.symphony.bdk.gen.api.model.V4UserJoinedRoom;
import com.symphony.bdk.spring.annotation.Slash;
import com.symphony.bdk.spring.events.RealTimeEvent;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A workflow bot: an approval. A command asks for it, a form goes to the room, a reply decides it, and the form's
 * message is replaced by the decision. A workflow that is decided takes no further reply. The starter for Spring
 * Boot logs in, registers the activities and runs the loop.
 */
@SpringBootApplication
public class WorkflowBot {

  public static void main(String[] arguments) {
    SpringApplication.run(WorkflowBot.class, arguments);
  }

  @Component
  public static class Approval extends FormReplyActivity<FormReplyContext> {

    private final MessageService messages;
    private final Map<String, String> pending = new ConcurrentHashMap<>(); // what is asked for, by the form's message

    Approval(MessageService messages) {
      this.messages = messages;
    }

    @Slash("/approve {quantity} {what}")
    public void ask(CommandContext context, String quantity, String what) {
      final String form = "<messageML><p>Do you approve " + quantity + " " + what + "?</p><form id=\"approval\">"
          + "<text-field name=\"remark\"/><button name=\"approve\" type=\"action\">Approve</button>"
          + "<button name=\"reject\" type=\"action\">Reject</button></form></messageML>";
      this.pending.put(this.messages.send(context.getStreamId(), form).getMessageId(), quantity + " " + what);
    }

    @Override
    public ActivityMatcher<FormReplyContext> matcher() {
      return context -> "approval".equals(context.getFormId());
    }

    @Override
    public void onActivity(FormReplyContext context) {
      final String message = context.getFormMessageId();
      final String stream = context.getSourceEvent().getStream().getStreamId();
      final String asked = this.pending.remove(message);
      if (asked == null) {
        this.messages.send(stream, "<messageML>The workflow is over.</messageML>");
        return;
      }
      final String decision = "approve".equals(context.getFormValue("action")) ? "approved" : "rejected";
      this.messages.update(stream, message, Message.builder().content("<messageML>" + asked + ": " + decision + " by "
          + context.getInitiator().getUser().getDisplayName() + " (" + context.getFormValue("remark") + ")</messageML>").build());
    }

    @Override
    protected ActivityInfo info() {
      return new ActivityInfo().type(ActivityType.FORM).name("Approval");
    }

    @EventListener
    public void joined(RealTimeEvent<V4UserJoinedRoom> event) {
      this.messages.send(event.getSource().getStream().getStreamId(), "<messageML>The approvals of this room are mine.</messageML>");
    }

    /** The starter starts the loop last, so what is heard first shows that the bot is there. */
    @EventListener
    public void heard(RealTimeEvent<V4MessageSent> event) {
      if (event.getSource().getMessage().getMessage().contains("are you there?")) {
        this.messages.send(event.getSource().getMessage().getStream().getStreamId(), "<messageML>I am here.</messageML>");
      }
    }
  }
}
