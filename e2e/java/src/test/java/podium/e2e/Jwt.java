package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.symphony.bdk.gen.api.model.Jwks;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Map;

/**
 * Looks into the tokens which the pod hands out, with nothing but the JDK, so that the kit does not
 * judge itself.
 */
record Jwt(String[] parts) {

  static Jwt of(String token) {
    final String[] parts = token.split("\\.", -1);
    assertEquals(3, parts.length, "a JWT has three parts: " + token);
    return new Jwt(parts);
  }

  JsonNode header() throws Exception {
    return json(0);
  }

  JsonNode claims() throws Exception {
    return json(1);
  }

  /** What the token says, once its RS256 signature is found good under the pod's published keys. */
  JsonNode verifiedClaims(Jwks keys) throws Exception {
    assertEquals("RS256", header().required("alg").asText());
    final String kid = header().required("kid").asText();
    final Map<String, String> key = keys.getKeys().stream().filter(k -> kid.equals(k.get("kid"))).findFirst().orElseThrow();
    final PublicKey publicKey = KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(number(key.get("n")), number(key.get("e"))));
    final Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(publicKey);
    signature.update((this.parts[0] + "." + this.parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertTrue(signature.verify(Base64.getUrlDecoder().decode(this.parts[2])), "the signature is not that of key " + kid);
    return claims();
  }

  private JsonNode json(int part) throws Exception {
    return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(this.parts[part]));
  }

  private static BigInteger number(String base64) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(base64));
  }
}
