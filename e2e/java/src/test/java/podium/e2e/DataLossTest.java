package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.client.ApiClientFactory;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.core.service.message.model.Message;
import com.symphony.bdk.gen.api.DlpPoliciesAndDictionaryManagementApi;
import com.symphony.bdk.gen.api.ViolationsApi;
import com.symphony.bdk.gen.api.model.V1DLPDictionaryMetadata;
import com.symphony.bdk.gen.api.model.V1DLPDictionaryMetadataCreateRequest;
import com.symphony.bdk.gen.api.model.V1DLPDictionaryMetadataUpdateRequest;
import com.symphony.bdk.gen.api.model.V1DLPPolicy;
import com.symphony.bdk.gen.api.model.V1DLPPolicyRequest;
import com.symphony.bdk.gen.api.model.V1DLPViolationMessage;
import com.symphony.bdk.gen.api.model.V2UserDetail;
import com.symphony.bdk.gen.api.model.V3DLPDictionaryMeta;
import com.symphony.bdk.gen.api.model.V3DLPPolicy;
import com.symphony.bdk.gen.api.model.V3DLPPolicyAppliesTo;
import com.symphony.bdk.gen.api.model.V3DLPPolicyRequest;
import com.symphony.bdk.gen.api.model.V3DLPRule;
import com.symphony.bdk.gen.api.model.V3DLPTextMatchConfig;
import com.symphony.bdk.gen.api.model.V3DLPViolationMessage;
import com.symphony.bdk.gen.api.model.V3RoomAttributes;
import com.symphony.bdk.http.api.ApiRuntimeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Policies block what users send, and violations tell of it. The kit has no service for them, but
 * the generated clients. The words are new each time, so that no other test is blocked.
 */
class DataLossTest {

  private final String word = "w" + UUID.randomUUID().toString().replace("-", "");
  private final String name = this.word.substring(0, 20);
  private final long began = System.currentTimeMillis() - 1000;

  private DlpPoliciesAndDictionaryManagementApi policies;
  private ViolationsApi violations;
  private String session;
  private String keys;
  private SymphonyBdk bot;
  private String stream;

  @BeforeEach
  void connect() throws Exception {
    final V2UserDetail made = Pod.connect("acme-admin").users().create(Accounts.service().roles(List.of("EF_POLICY_MANAGEMENT")));
    final BdkConfig config = Pod.config("acme-bot");
    config.getBot().setUsername(made.getUserAttributes().getUserName());
    final SymphonyBdk keeper = Pod.connect(config);
    this.session = keeper.botSession().getSessionToken();
    this.keys = keeper.botSession().getKeyManagerToken();
    this.policies = new DlpPoliciesAndDictionaryManagementApi(new ApiClientFactory(config).getAgentClient());
    this.violations = new ViolationsApi(new ApiClientFactory(config).getAgentClient());
    this.bot = Pod.connect("acme-bot");
    this.stream = this.bot.streams().create(new V3RoomAttributes().name(this.name).description("data loss")).getRoomSystemInfo().getId();
  }

  @Test
  void firstFormBlocksMessages() throws Exception {
    final String dictionary = dictionary();
    final V1DLPPolicyRequest request = new V1DLPPolicyRequest().name(this.name).type("Block").scopes(List.of("Internal", "External"))
        .contentTypes(List.of("Messages", "RoomMeta")).dictionaryIds(List.of(dictionary));
    final V1DLPPolicy policy = this.policies.v1DlpPoliciesPost(this.session, this.keys, request).getData();
    assertFalse(policy.getActive());
    assertEquals("1.0", policy.getVersion());
    assertTrue(this.policies.v1DlpPoliciesPolicyIdEnablePost(this.session, this.keys, policy.getPolicyId()).getData().getActive());

    refused(451, () -> this.bot.messages().send(this.stream, "<messageML>the " + this.word + "</messageML>"));
    refused(451, () -> this.bot.streams().create(new V3RoomAttributes().name("a " + this.word).description("x")));
    this.bot.messages().send(this.stream, "<messageML>another</messageML>");

    final V1DLPViolationMessage found = this.violations
        .v1DlpViolationsMessageGet(this.began, this.session, this.keys, null, null, 500).getViolations().stream()
        .filter(v -> v.getMessage().getStream().getStreamId().equals(this.stream)).findFirst().orElseThrow();
    assertEquals("REJECTED_VIOLATION", found.getViolation().getOutcome().getType());
    assertEquals(this.word, found.getViolation().getMatchedPolicies().get(0).getTerms());
    assertTrue(found.getMessage().getMessage().contains(this.word));
    assertTrue(this.violations.v1DlpViolationsStreamGet(this.began, this.session, this.keys, null, null, 500).getViolations().stream()
        .anyMatch(v -> v.getStream().getName().equals("a " + this.word)));
    this.violations.v1DlpViolationsSignalGet(this.began, this.session, this.keys, null, null, null);

    assertEquals("1.0", this.policies.v1DlpPoliciesPolicyIdGet(this.session, this.keys, policy.getPolicyId(), "1.0").getData().getVersion());
    assertTrue(this.policies.v1DlpPoliciesGet(this.session, this.keys, 0, 50).getPageCount() > 0);
    this.policies.v1DlpPoliciesPolicyIdPut(this.session, this.keys, policy.getPolicyId(), request.type("Warn"));
    this.bot.messages().send(this.stream, "<messageML>the " + this.word + "</messageML>");
    this.policies.v1DlpPoliciesPolicyIdDisablePost(this.session, this.keys, policy.getPolicyId());
    this.policies.v1DlpPoliciesPolicyIdDelete(this.session, this.keys, policy.getPolicyId());
    this.policies.v1DlpDictionariesDictIdDelete(this.session, this.keys, dictionary);
  }

  @Test
  void thirdFormBlocksFiles() throws Exception {
    final String dictionary = dictionary();
    final V3DLPPolicyRequest request = new V3DLPPolicyRequest().name(this.name).scopes(List.of("Internal"))
        .appliesTo(List.of(new V3DLPPolicyAppliesTo().dataType("FileContent").action("Block").rules(List.of(new V3DLPRule().type("TEXT_MATCH")
            .name("words").textMatchConfig(new V3DLPTextMatchConfig().countUniqueOccurrences(1).applicableFileTypes(List.of("TXT"))
                .dictionaries(List.of(new V3DLPDictionaryMeta().dictId(dictionary).name(this.name).version("1.1"))))))));
    final V3DLPPolicy policy = this.policies.v3DlpPoliciesPost(this.session, this.keys, request).getData();
    assertEquals("3.0", policy.getVersion());
    this.policies.v3DlpPoliciesPolicyIdEnablePost(this.session, this.keys, policy.getPolicyId());

    final Message message = Message.builder().content("<messageML>See</messageML>")
        .addAttachment(new ByteArrayInputStream(("a " + this.word).getBytes(StandardCharsets.UTF_8)), "a.txt").build();
    refused(451, () -> this.bot.messages().send(this.stream, message));

    final V3DLPViolationMessage found = this.violations
        .v3DlpViolationsMessageGet(this.began, this.session, this.keys, null, null, 500).getViolations().stream()
        .filter(v -> v.getMessage().getStream().getStreamId().equals(this.stream)).findFirst().orElseThrow();
    assertTrue(found.getViolation().getDetails().get(0).toString().contains(this.word));
    final byte[] content = this.violations.v3DlpViolationAttachmentGet(found.getMessage().getAttachments().get(0).getId(),
        found.getViolation().getEnforcementEventID(), this.session, this.keys);
    assertEquals("a " + this.word, text(content));
    this.violations.v3DlpViolationsStreamGet(this.began, this.session, this.keys, null, null, null);
    this.violations.v3DlpViolationsSignalGet(this.began, this.session, this.keys, null, null, null);

    assertTrue(this.policies.v3DlpPoliciesPolicyIdGet(this.session, this.keys, policy.getPolicyId(), null).getData().getActive());
    assertTrue(this.policies.v3DlpPoliciesGet(this.session, this.keys, 0, 50).getPageCount() > 0);
    this.policies.v3DlpPoliciesPolicyIdUpdatePost(this.session, this.keys, policy.getPolicyId(), request.scopes(List.of("External")));
    this.bot.messages().send(this.stream, Message.builder().content("<messageML>See</messageML>")
        .addAttachment(new ByteArrayInputStream(this.word.getBytes(StandardCharsets.UTF_8)), "a.txt").build());
    this.policies.v3DlpPoliciesPolicyIdDisablePost(this.session, this.keys, policy.getPolicyId());
    assertTrue(this.policies.v3DlpPoliciesPolicyIdDeletePost(this.session, this.keys, policy.getPolicyId()).getData().getDeleted());
    this.policies.v1DlpDictionariesDictIdDelete(this.session, this.keys, dictionary);
  }

  /** Creates a dictionary with the word, and reads it in every way. */
  private String dictionary() throws Exception {
    final V1DLPDictionaryMetadata made = this.policies.v1DlpDictionariesPost(this.session, this.keys,
        new V1DLPDictionaryMetadataCreateRequest().name(this.name).type("Word")).getData();
    final String id = made.getDictRef().getDictId();
    final Path file = Files.createTempFile("words", ".txt");
    Files.writeString(file, "unheard-of, " + this.word);
    this.policies.v1DlpDictionariesDictIdDataUploadPost(this.session, this.keys, id, file.toFile());
    Files.delete(file);
    assertEquals("unheard-of, " + this.word, text(this.policies.v1DlpDictionariesDictIdDataDownloadGet(this.session, this.keys, id, null)));
    this.policies.v1DlpDictionariesDictIdPut(this.session, this.keys, id, new V1DLPDictionaryMetadataUpdateRequest().name(this.name + "x"));
    assertEquals("1.2", this.policies.v1DlpDictionariesDictIdGet(this.session, this.keys, id, null).getData().getDictRef().getVersion());
    assertFalse(this.policies.v1DlpDictionariesGet(this.session, this.keys, 0, 50).getItems().isEmpty());
    return id;
  }

  /** The bytes of a Base64 text, which the client may have decoded or not. */
  private static String text(byte[] content) {
    return new String(Base64.getMimeDecoder().decode(content), StandardCharsets.UTF_8);
  }

  private static void refused(int status, Runnable call) {
    assertEquals(status, assertThrows(ApiRuntimeException.class, call::run).getCode());
  }
}
