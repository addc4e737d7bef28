package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static podium.e2e.Accounts.id;
import static podium.e2e.Accounts.logIn;
import static podium.e2e.Accounts.person;
import static podium.e2e.Accounts.service;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.config.BdkConfigLoader;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.core.service.user.UserService;
import com.symphony.bdk.gen.api.model.Avatar;
import com.symphony.bdk.gen.api.model.V2UserDetail;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/** A picture is put in, listed, and read at the addresses that the pod tells. */
class AvatarTest {

  private static UserService users;

  @BeforeAll
  static void connect() throws Exception {
    users = Pod.connect("acme-admin").users();
  }

  @Test
  void pictureIsReadInEverySize() throws Exception {
    final long user = id(users.create(person()));
    assertEquals(List.of(), users.getAvatar(user));

    users.updateAvatar(user, picture("png", 20, 10));

    final Map<String, String> avatars = bySize(users.getAvatar(user));
    assertEquals(List.of("150", "50", "500", "600", "orig"), avatars.keySet().stream().sorted().collect(Collectors.toList()));
    for (final int side : new int[] {600, 500, 150, 50}) {
      assertEquals(side + "x" + side, fetch(avatars.get(Integer.toString(side))));
    }
    assertEquals("20x10", fetch(avatars.get("orig")));
    final Map<String, String> shown = bySize(users.listUsersByIds(List.of(user)).get(0).getAvatars());
    assertEquals(Map.of("original", avatars.get("orig"), "small", avatars.get("50")), shown);
  }

  @Test
  void anotherPictureTakesItsPlaceHoweverItIsGiven() throws Exception {
    final long user = id(users.create(person()));
    users.updateAvatar(user, Base64.getEncoder().encodeToString(picture("gif", 20, 10)));
    final String before = bySize(users.getAvatar(user)).get("orig");
    assertEquals("20x10", fetch(before));

    users.updateAvatar(user, new ByteArrayInputStream(picture("jpg", 30, 40)));

    assertEquals("30x40", fetch(bySize(users.getAvatar(user)).get("orig")));
    assertEquals("404", fetch(before));
  }

  @Test
  void whoHasNoPictureIsShownTheStandIn() throws Exception {
    final Map<String, String> shown = bySize(users.listUsersByIds(List.of(id(users.create(person())))).get(0).getAvatars());

    assertEquals("150x150", fetch(shown.get("original")));
    assertEquals("50x50", fetch(shown.get("small")));
  }

  @Test
  void botChangesItsOwnPictureAndNoOther() throws Exception {
    final V2UserDetail made = users.create(service());
    final long other = id(users.create(person()));
    final SymphonyBdk bot = logIn(made.getUserAttributes().getUserName());

    bot.users().updateAvatar(id(made), picture("png", 20, 10));

    assertEquals("20x10", fetch(bySize(bot.sessions().getSession().getAvatars()).get("original")));
    final byte[] picture = picture("png", 20, 10);
    assertEquals(403, assertThrows(ApiRuntimeException.class, () -> bot.users().updateAvatar(other, picture)).getCode());
  }

  @Test
  void whatIsNoPictureIsRefused() {
    final long user = id(users.create(person()));

    final byte[] text = "no picture".getBytes();
    assertEquals(400, assertThrows(ApiRuntimeException.class, () -> users.updateAvatar(user, text)).getCode());
    assertEquals(List.of(), users.getAvatar(user));
  }

  /**
   * The kit writes a whole body before it reads, and takes a reset for trouble on the line, after
   * which it repeats for minutes.
   */
  @Test
  void tooLargeAPictureIsRefusedAtOnce() throws Exception {
    final long user = id(users.create(person()));
    // With the retries that the kit has by default, no refusal that fails to arrive would end in
    // time.
    final BdkConfig config = BdkConfigLoader.loadFromFile(Pod.configPath("acme-admin"));
    final UserService patient = Pod.connect(config).users();
    for (final int megabytes : new int[] {5, 8, 12, 16}) {
      final byte[] large = new byte[megabytes << 20];
      new Random(megabytes).nextBytes(large);
      final ApiRuntimeException refused = assertTimeoutPreemptively(Duration.ofSeconds(60),
          () -> assertThrows(ApiRuntimeException.class, () -> patient.updateAvatar(user, large)));
      assertEquals(413, refused.getCode(), megabytes + " MB: " + refused.getMessage());
    }
    assertEquals(List.of(), users.getAvatar(user));
  }

  private static Map<String, String> bySize(List<Avatar> avatars) {
    return avatars.stream().collect(Collectors.toMap(Avatar::getSize, Avatar::getUrl));
  }

  private static byte[] picture(String format, int width, int height) throws Exception {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out);
    return out.toByteArray();
  }

  /**
   * The width and height of the PNG at an address, which takes no session, or the status where
   * there is none.
   */
  private static String fetch(String url) throws Exception {
    // Addresses are relative to where the operations are.
    final URI address = URI.create(Pod.acmeUrl() + "/pod/").resolve(url);
    final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(Wiretap.trust()).build();
    final HttpResponse<byte[]> answer = http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      return Integer.toString(answer.statusCode());
    }
    assertEquals("image/png", answer.headers().firstValue("Content-Type").orElseThrow());
    final BufferedImage image = ImageIO.read(new ByteArrayInputStream(answer.body()));
    return image.getWidth() + "x" + image.getHeight();
  }
}
