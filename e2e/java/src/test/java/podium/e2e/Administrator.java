package podium.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.symphony.bdk.core.client.ApiClientFactory;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.http.api.ApiClient;
import com.symphony.bdk.http.api.ApiException;
import com.symphony.bdk.http.api.util.TypeReference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sees and ends the sessions of others. This kit is older than these operations, so they go through
 * its bare client.
 */
final class Administrator {

  private final ApiClient pod;
  private final String token;

  Administrator() throws Exception {
    final BdkConfig config = Pod.config("acme-admin");
    this.pod = new ApiClientFactory(config).getPodClient();
    this.token = Pod.connect(config).botSession().getSessionToken();
  }

  Administrator(ApiClient pod, String token) {
    this.pod = pod;
    this.token = token;
  }

  List<String> sessionsOf(long userId) throws ApiException {
    final List<String> ids = new ArrayList<>();
    call("GET", "/v1/users/" + userId + "/sessions").required("sessions")
        .forEach(session -> ids.add(session.required("sessionId").asText()));
    return ids;
  }

  void endSession(long userId, String sessionId) throws ApiException {
    call("POST", "/v1/users/" + userId + "/sessions/" + sessionId + "/logout");
  }

  void endAllSessions(long userId) throws ApiException {
    call("POST", "/v1/users/" + userId + "/sessions/logout");
  }

  private JsonNode call(String method, String path) throws ApiException {
    return this.pod.invokeAPI(path, method, List.of(), null, Map.of("sessionToken", this.token), Map.of(), null,
        "application/json", "application/json", new String[0], new TypeReference<JsonNode>() { }).getData();
  }
}
