package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.auth.AuthSession;
import com.symphony.bdk.core.auth.exception.AuthUnauthorizedException;
import com.symphony.bdk.core.auth.jwt.JwtHelper;
import com.symphony.bdk.core.client.ApiClientFactory;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.core.config.model.BdkRsaKeyConfig;
import com.symphony.bdk.core.service.application.ApplicationService;
import com.symphony.bdk.gen.api.AuthenticationApi;
import com.symphony.bdk.gen.api.model.AppAuthenticationKey;
import com.symphony.bdk.gen.api.model.AppAuthenticationKeys;
import com.symphony.bdk.gen.api.model.AppNotification;
import com.symphony.bdk.gen.api.model.AppProperty;
import com.symphony.bdk.gen.api.model.ApplicationDetail;
import com.symphony.bdk.gen.api.model.ApplicationInfo;
import com.symphony.bdk.gen.api.model.AuthenticateRequest;
import com.symphony.bdk.gen.api.model.PodAppEntitlement;
import com.symphony.bdk.gen.api.model.Product;
import com.symphony.bdk.gen.api.model.UserAppEntitlement;
import com.symphony.bdk.gen.api.model.UserAppEntitlementPatch;
import com.symphony.bdk.http.api.ApiClient;
import com.symphony.bdk.http.api.ApiException;
import com.symphony.bdk.http.api.ApiRuntimeException;
import com.symphony.bdk.http.api.util.TypeReference;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An administrator makes an application and gives it to people; the application acts for them until
 * that is taken back.
 */
class ApplicationTest {

  private final ApplicationService applications = Pod.connect("acme-admin").applications();
  private final String appId = "orders-" + UUID.randomUUID();

  ApplicationTest() throws Exception {
  }

  @Test
  void everythingAnApplicationSaysOfItselfIsKept() {
    final ApplicationDetail detail = named()
        .iconUrl("https://orders.acme.com/icon.png").description("Order tickets").allowOrigins("acme.com")
        .notification(new AppNotification().url("https://orders.acme.com/hook").apiKey("k-123"))
        .addPropertiesItem(new AppProperty().key("port").value("4000"));
    detail.getApplicationInfo().appUrl("https://orders.acme.com").domain("acme.com");

    final ApplicationDetail created = this.applications.createApplication(detail);

    assertEquals(created, this.applications.getApplication(this.appId));
    assertEquals(detail.getApplicationInfo(), created.getApplicationInfo());
    assertEquals(detail.getNotification(), created.getNotification());
    assertEquals(detail.getProperties(), created.getProperties());
    assertEquals(detail.getPermissions(), created.getPermissions());
    assertEquals("Order tickets", created.getDescription());
  }

  @Test
  void anUpdateChangesWhatItGivesAndNoMore() {
    this.applications.createApplication(named().description("Order tickets"));

    final ApplicationDetail updated = this.applications.updateApplication(this.appId,
        new ApplicationDetail().applicationInfo(new ApplicationInfo().appId(this.appId).name("Tickets")));

    assertEquals("Tickets", updated.getApplicationInfo().getName());
    assertEquals("Acme", updated.getApplicationInfo().getPublisher());
    assertEquals("Order tickets", updated.getDescription());
    assertEquals(updated, this.applications.updateApplication(this.appId, updated));
  }

  @Test
  void aDeletedApplicationIsGone() {
    this.applications.createApplication(named());

    this.applications.deleteApplication(this.appId);

    final ApiRuntimeException refused =
        assertThrows(ApiRuntimeException.class, () -> this.applications.getApplication(this.appId));
    assertEquals(400, refused.getCode());
    assertTrue(this.applications.listApplicationEntitlements().stream().noneMatch(e -> e.getAppId().equals(this.appId)));
  }

  @Test
  void aNewApplicationIsNobodysUntilTheCompanySaysSo() {
    this.applications.createApplication(named());
    assertEquals(entitled(false, false, false), this.companys());

    final List<PodAppEntitlement> answer =
        this.applications.updateApplicationEntitlements(List.of(entitled(true, true, false)));

    assertEquals(List.of(entitled(true, true, false)), answer);
    assertEquals(entitled(true, true, false), this.companys());
  }

  @Test
  void whatHoldsForOnePersonIsSetPatchedAndTakenBack() throws Exception {
    this.applications.createApplication(named());
    this.applications.updateApplicationEntitlements(List.of(entitled(true, true, false)));
    final long carol = carol();
    final Product premium =
        new Product().appId(this.appId).name("Premium").sku("AcD53").subscribed(true).type("premium");

    final UserAppEntitlement patched = this.of(this.applications.patchUserApplications(carol, List.of(
        new UserAppEntitlementPatch().appId(this.appId).install(UserAppEntitlementPatch.InstallEnum.TRUE)
            .listed(UserAppEntitlementPatch.ListedEnum.FALSE).product(premium))));
    assertTrue(patched.getInstall());
    assertFalse(patched.getListed());
    assertEquals(List.of(premium), patched.getProducts());
    assertEquals(patched, this.of(this.applications.listUserApplications(carol)));

    final UserAppEntitlement replaced = this.of(this.applications.updateUserApplications(carol, List.of(
        new UserAppEntitlement().appId(this.appId).appName("Orders").listed(true).install(true))));
    assertTrue(replaced.getInstall());
    assertNull(replaced.getProducts());

    final UserAppEntitlement again = this.of(this.applications.updateUserApplications(carol, List.of()));
    assertFalse(again.getInstall());
  }

  @Test
  void anApplicationActsUntilWhatItNeedsIsTakenAway() throws Exception {
    final KeyPair key = key();
    this.applications.createApplication(named().authenticationKeys(keys().current(saved(key))));
    final SymphonyBdk bdk = this.actingWith(key);
    assertThrows(AuthUnauthorizedException.class, () -> bdk.obo("alice"));
    this.applications.updateApplicationEntitlements(List.of(entitled(true, true, false)));
    assertThrows(AuthUnauthorizedException.class, () -> bdk.obo("alice"));
    final SymphonyBdk other = Pod.connect("acme-bot");
    final long alice = other.obo(other.obo("alice")).sessions().getSession().getId();

    this.install(alice, UserAppEntitlementPatch.InstallEnum.TRUE);
    final AuthSession session = bdk.obo("alice");
    assertEquals("alice", bdk.obo(session).sessions().getSession().getUsername());

    this.applications.updateApplication(this.appId, new ApplicationDetail().addPermissionsItem("ACT_AS_USER"));
    final ApiRuntimeException refused =
        assertThrows(ApiRuntimeException.class, () -> bdk.obo(session).sessions().getSession());
    assertEquals(403, refused.getCode());

    this.applications.updateApplication(this.appId, new ApplicationDetail().permissions(named().getPermissions()));
    assertEquals("alice", bdk.obo(session).sessions().getSession().getUsername());

    final String token = session.getSessionToken();
    this.install(alice, UserAppEntitlementPatch.InstallEnum.FALSE);
    assertEquals(401, assertThrows(ApiException.class, () -> Pod.whoIs(token)).getCode());
    assertThrows(AuthUnauthorizedException.class, () -> bdk.obo("alice"));
  }

  @Test
  void bothKeysLogInUntilOneIsRevoked() throws Exception {
    final KeyPair before = key();
    final KeyPair now = key();
    this.applications.createApplication(named().authenticationKeys(keys().current(saved(before))));
    this.applications.updateApplicationEntitlements(List.of(entitled(true, true, true)));

    final AppAuthenticationKeys rotated = this.update(keys().current(saved(now).action("SAVE")));
    assertEquals(pem(now), rotated.getCurrent().getKey());
    assertEquals(pem(before), rotated.getPrevious().getKey());
    assertEquals("bob", this.bobBy(before));
    assertEquals("bob", this.bobBy(now));

    final AppAuthenticationKeys extended = this.update(keys().previous(new AppAuthenticationKey().action("EXTEND")));
    assertTrue(extended.getPrevious().getExpirationDate() > rotated.getPrevious().getExpirationDate());

    assertNull(this.update(keys().previous(new AppAuthenticationKey().action("REVOKE"))).getPrevious());
    assertThrows(AuthUnauthorizedException.class, () -> this.bobBy(before));
    assertEquals("bob", this.bobBy(now));

    this.applications.deleteApplication(this.appId);
    assertThrows(AuthUnauthorizedException.class, () -> this.bobBy(now));
  }

  /**
   * This kit is older than its service for an application's users, so they are asked for by its
   * bare client.
   */
  @Test
  void anApplicationSeesItsOwnUsers() throws Exception {
    final SymphonyBdk bdk = Pod.connect("acme-bot");
    final BdkConfig config = Pod.config("acme-bot");
    final String token = appToken(config);
    final long alice = bdk.obo(bdk.obo("alice")).sessions().getSession().getId();
    final ApiClient client = new Root(config).client();

    final JsonNode page = get(client, token, "/v5/users/apps/acme-app?installed=true&page=0&size=100");

    assertTrue(page.required("users").findValuesAsText("userId").contains(Long.toString(alice)));
    assertEquals(page.required("users").size(), page.required("page").required("totalElements").asInt());
    assertTrue(page.required("page").required("first").asBoolean());
    assertEquals(404, assertThrows(ApiException.class, () -> get(client, token, "/v5/users/apps/no-app")).getCode());
    assertEquals("userId", page.required("page").required("sort").required(0).required("property").asText());
  }

  private ApplicationDetail named() {
    return new ApplicationDetail()
        .applicationInfo(new ApplicationInfo().appId(this.appId).name("Orders").publisher("Acme"))
        .permissions(List.of("ACT_AS_USER", "GET_BASIC_USER_INFO"));
  }

  private PodAppEntitlement entitled(boolean enable, boolean listed, boolean install) {
    return new PodAppEntitlement().appId(this.appId).appName("Orders").enable(enable).listed(listed).install(install);
  }

  private PodAppEntitlement companys() {
    return this.applications.listApplicationEntitlements().stream()
        .filter(e -> e.getAppId().equals(this.appId)).findFirst().orElseThrow();
  }

  private UserAppEntitlement of(List<UserAppEntitlement> list) {
    return list.stream().filter(e -> e.getAppId().equals(this.appId)).findFirst().orElseThrow();
  }

  private void install(long userId, UserAppEntitlementPatch.InstallEnum choice) {
    this.applications.patchUserApplications(userId,
        List.of(new UserAppEntitlementPatch().appId(this.appId).install(choice)));
  }

  private AppAuthenticationKeys update(AppAuthenticationKeys keys) {
    return this.applications.updateApplication(this.appId, new ApplicationDetail().authenticationKeys(keys))
        .getAuthenticationKeys();
  }

  private SymphonyBdk actingWith(KeyPair key) throws Exception {
    final BdkConfig config = Pod.config("acme-bot");
    final BdkRsaKeyConfig rsa = new BdkRsaKeyConfig();
    rsa.setContent(pem("PRIVATE KEY", key.getPrivate().getEncoded()).getBytes(StandardCharsets.US_ASCII));
    config.getApp().setAppId(this.appId);
    config.getApp().setPrivateKey(rsa);
    return Pod.connect(config);
  }

  private String bobBy(KeyPair key) throws Exception {
    final SymphonyBdk bdk = this.actingWith(key);
    return bdk.obo(bdk.obo("bob")).sessions().getSession().getUsername();
  }

  private static long carol() throws Exception {
    return Pod.connect("acme-bot").users().listUsersByUsernames(List.of("carol")).get(0).getId();
  }

  private static AppAuthenticationKeys keys() {
    return new AppAuthenticationKeys();
  }

  private static AppAuthenticationKey saved(KeyPair key) {
    return new AppAuthenticationKey().key(pem(key));
  }

  private static KeyPair key() throws Exception {
    final KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static String pem(KeyPair key) {
    return pem("PUBLIC KEY", key.getPublic().getEncoded());
  }

  private static String pem(String label, byte[] der) {
    final String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private static String appToken(BdkConfig config) throws Exception {
    final String pem = Files.readString(Path.of(config.getApp().getPrivateKey().getPath()));
    final String jwt = JwtHelper
        .createSignedJwt(config.getApp().getAppId(), 240_000L, JwtHelper.parseRsaPrivateKey(pem));
    return new AuthenticationApi(new ApiClientFactory(config).getLoginClient())
        .pubkeyAppAuthenticatePost(new AuthenticateRequest().token(jwt)).getToken();
  }

  private static JsonNode get(ApiClient client, String token, String path) throws ApiException {
    return client.invokeAPI(path, "GET", List.of(), null, Map.of("sessionToken", token), Map.of(), null,
        "application/json", "application/json", new String[0], new TypeReference<JsonNode>() { }).getData();
  }

  /** Makes a client for the paths of the pod without a prefix. */
  private static final class Root extends ApiClientFactory {

    private final BdkConfig config;

    Root(BdkConfig config) {
      super(config);
      this.config = config;
    }

    ApiClient client() {
      return this.buildClient("", this.config.getPod());
    }
  }
}
