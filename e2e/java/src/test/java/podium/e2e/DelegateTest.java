package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static podium.e2e.Accounts.id;
import static podium.e2e.Accounts.person;

import com.symphony.bdk.core.service.user.UserService;
import com.symphony.bdk.gen.api.model.DelegateAction;
import com.symphony.bdk.gen.api.model.Feature;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;

/** People are given delegates, who may act for them, and lose them. */
class DelegateTest {

  private static UserService users;

  private final long manager = id(users.create(person()));
  private final long one = id(users.create(person()));
  private final long two = id(users.create(person()));

  @BeforeAll
  static void connect() throws Exception {
    users = Pod.connect("acme-admin").users();
  }

  @Test
  void delegatesComeAndGo() {
    assertEquals(List.of(), users.getDelegates(this.manager));

    for (final long delegate : List.of(this.two, this.one, this.two)) { // to add one again is no error
      users.udpateDelegates(this.manager, delegate, DelegateAction.ActionEnum.ADD);
    }

    assertEquals(List.of(this.two, this.one), users.getDelegates(this.manager));
    assertEquals(List.of(), users.getDelegates(this.one));
    users.udpateDelegates(this.manager, this.two, DelegateAction.ActionEnum.REMOVE);
    users.udpateDelegates(this.manager, this.two, DelegateAction.ActionEnum.REMOVE);
    assertEquals(List.of(this.one), users.getDelegates(this.manager));
  }

  @Test
  void whoMayHaveNoneIsGivenNone() {
    users.updateFeatureEntitlements(this.manager, List.of(new Feature().entitlment("delegatesEnabled").enabled(false)));

    assertEquals(400, assertThrows(ApiRuntimeException.class,
        () -> users.udpateDelegates(this.manager, this.one, DelegateAction.ActionEnum.ADD)).getCode());
    assertEquals(List.of(), users.getDelegates(this.manager));
  }
}
