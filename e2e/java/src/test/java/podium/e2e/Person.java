package podium.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.gen.api.model.V3RoomAttributes;
import com.symphony.bdk.gen.api.model.V4Message;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A person who says things, submits forms, and reads what a program answers. */
final class Person {

  static final int PATIENCE = 60; // seconds

  final SymphonyBdk bdk;
  private final long me;

  Person(SymphonyBdk bdk) {
    this.bdk = bdk;
    this.me = bdk.botInfo().getId();
  }

  String room() {
    final V3RoomAttributes attributes = new V3RoomAttributes().name("A room " + UUID.randomUUID())._public(false).description("For programs");
    return this.bdk.streams().create(attributes).getRoomSystemInfo().getId();
  }

  V4Message say(String stream, String text) {
    return this.bdk.messages().send(stream, "<messageML>" + text + "</messageML>");
  }

  V4Message ask(String stream, String text) throws Exception {
    return answer(stream, say(stream, text));
  }

  /** The first thing that others have said since a message, when they have. */
  V4Message answer(String stream, V4Message asked) throws Exception {
    for (int n = 0; n < PATIENCE * 10; n++) {
      final List<V4Message> said = said(stream, asked);
      if (!said.isEmpty()) {
        return said.get(said.size() - 1); // the newest comes first
      }
      Thread.sleep(100);
    }
    throw new AssertionError("no answer to " + text(asked));
  }

  /** Greets a program until it answers, because nothing tells when its feed has begun, and waits until it has answered all. */
  V4Message reach(String stream, String greeting) throws Exception {
    final V4Message first = say(stream, greeting);
    for (int n = 0; said(stream, first).isEmpty(); n++) {
      if (n == PATIENCE * 10) {
        throw new AssertionError("the program does not answer");
      }
      if (n % 10 == 9) {
        say(stream, greeting);
      }
      Thread.sleep(100);
    }
    int last = -1;
    for (int now = said(stream, first).size(); now != last; now = said(stream, first).size()) {
      last = now;
      Thread.sleep(1000);
    }
    return answer(stream, first);
  }

  /** Submits the form of a message, as a person's client does, and returns the status of the answer. */
  int submit(String stream, V4Message form, String id, Map<String, String> values) throws Exception {
    final URI address = URI.create(Pod.acmeUrl() + "/podium/v1/stream/" + stream + "/message/" + form.getMessageId() + "/form/submit");
    final String body = new ObjectMapper().writeValueAsString(Map.of("formId", id, "formValues", values));
    final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(Wiretap.trust()).build();
    return http.send(HttpRequest.newBuilder(address).header("sessionToken", this.bdk.botSession().getSessionToken())
        .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  static String text(V4Message message) {
    return message.getMessage().replaceAll("<[^>]*>", "").trim();
  }

  private List<V4Message> said(String stream, V4Message since) {
    return this.bdk.messages().listMessages(stream, Instant.ofEpochMilli(since.getTimestamp())).stream()
        .filter(message -> message.getUser().getUserId() != this.me && !message.getMessageId().equals(since.getMessageId())).toList();
  }
}
