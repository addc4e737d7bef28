package podium.e2e;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.gen.api.model.UserAppEntitlementPatch;
import com.symphony.bdk.gen.api.model.V2UserAttributes;
import com.symphony.bdk.gen.api.model.V2UserCreate;
import com.symphony.bdk.gen.api.model.V2UserDetail;
import com.symphony.bdk.gen.api.model.V2UserKeyRequest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** Accounts of a test's own. Their names are new each time: several kits run against one pod. */
final class Accounts {

  private Accounts() {
  }

  static long id(V2UserDetail user) {
    return user.getUserSystemInfo().getId();
  }

  static V2UserCreate person() {
    return person("acme.example");
  }

  static V2UserCreate person(String domain) {
    final String name = "person-" + UUID.randomUUID();
    return new V2UserCreate().userAttributes(new V2UserAttributes().accountType(V2UserAttributes.AccountTypeEnum.NORMAL).userName(name)
        .emailAddress(name + "@" + domain).displayName("A Person").firstName("A").lastName("Person"));
  }

  static V2UserCreate service() throws Exception {
    final String name = "bot-" + UUID.randomUUID();
    return new V2UserCreate().userAttributes(new V2UserAttributes().accountType(V2UserAttributes.AccountTypeEnum.SYSTEM).userName(name)
        .emailAddress(name + "@acme.example").displayName("A bot").currentKey(new V2UserKeyRequest().key(publicKey())))
        .roles(List.of("INDIVIDUAL"));
  }

  /** A service that provisions users, and has Acme's application act for it; the id. */
  static long provisioner(SymphonyBdk admin) throws Exception {
    final long id = id(admin.users().create(service().roles(List.of("USER_PROVISIONING"))));
    admin.applications().patchUserApplications(id,
        List.of(new UserAppEntitlementPatch().appId("acme-app").install(UserAppEntitlementPatch.InstallEnum.TRUE)));
    return id;
  }

  /** Logs an account of a test's own in, with acme-bot's key. */
  static SymphonyBdk logIn(String username) throws Exception {
    final BdkConfig config = Pod.config("acme-bot");
    config.getBot().setUsername(username);
    return Pod.connect(config);
  }

  /** The public half of acme-bot's key. */
  private static String publicKey() throws Exception {
    final String pem = Files.readString(Path.of(Pod.key("acme-bot").getPath()));
    final byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    final KeyFactory rsa = KeyFactory.getInstance("RSA");
    final RSAPrivateCrtKey key = (RSAPrivateCrtKey) rsa.generatePrivate(new PKCS8EncodedKeySpec(der));
    final byte[] half = rsa.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())).getEncoded();
    return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder(64, "\n".getBytes()).encodeToString(half) + "\n-----END PUBLIC KEY-----";
  }
}
