package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.e2e.Accounts.id;
import static podium.e2e.Accounts.person;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.service.disclaimer.DisclaimerService;
import com.symphony.bdk.core.service.user.UserService;
import com.symphony.bdk.gen.api.model.Disclaimer;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Disclaimers are assigned to people and taken away. A pod of {@code podium dev} has two, one of
 * them the default.
 */
class DisclaimerTest {

  private static UserService users;
  private static DisclaimerService disclaimers;

  private final long user = id(users.create(person()));

  @BeforeAll
  static void connect() throws Exception {
    final SymphonyBdk admin = Pod.connect("acme-admin");
    users = admin.users();
    disclaimers = admin.disclaimers();
  }

  @Test
  void companyHasItsDisclaimers() {
    final Disclaimer house = named("House disclaimer");
    final Disclaimer research = named("Research disclaimer");

    assertTrue(house.getIsDefault() && house.getIsActive());
    assertEquals(24, house.getFrequencyInHours());
    assertEquals(Disclaimer.FormatEnum.TEXT, house.getFormat());
    assertFalse(research.getIsDefault());
    assertEquals(research, disclaimers.getDisclaimer(research.getId()));
    assertEquals(400, assertThrows(ApiRuntimeException.class, () -> disclaimers.getDisclaimer("0".repeat(24))).getCode());
  }

  @Test
  void disclaimerIsAssignedReplacedAndTakenAway() {
    final Disclaimer house = named("House disclaimer");
    final Disclaimer research = named("Research disclaimer");
    assertNull(users.getDisclaimer(this.user));

    users.addDisclaimer(this.user, house.getId());
    assertEquals(house, users.getDisclaimer(this.user));
    assertTrue(disclaimers.listDisclaimerUsers(house.getId()).contains(this.user));

    users.addDisclaimer(this.user, research.getId());
    assertEquals(research, users.getDisclaimer(this.user));
    assertFalse(disclaimers.listDisclaimerUsers(house.getId()).contains(this.user));
    assertTrue(disclaimers.listDisclaimerUsers(research.getId()).contains(this.user));

    users.removeDisclaimer(this.user);
    assertNull(users.getDisclaimer(this.user));
    assertFalse(disclaimers.listDisclaimerUsers(research.getId()).contains(this.user));
    users.removeDisclaimer(this.user); // none is there, which is no error
  }

  @Test
  void whatThereIsNotCannotBeAssigned() {
    assertEquals(400, assertThrows(ApiRuntimeException.class, () -> users.addDisclaimer(this.user, "0".repeat(24))).getCode());
    assertNull(users.getDisclaimer(this.user));
  }

  private static Disclaimer named(String name) {
    return disclaimers.listDisclaimers().stream().filter(d -> d.getName().equals(name)).findAny().orElseThrow();
  }
}
