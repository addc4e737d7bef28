package podium.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.client.ApiClientFactory;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.gen.api.DefaultApi;
import com.symphony.bdk.gen.api.PodApi;
import com.symphony.bdk.gen.api.model.FileExtension;
import com.symphony.bdk.http.api.ApiException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a company decides about types of files and languages. The kit generates most of it and has
 * no services for them.
 */
class SettingsTest {

  private DefaultApi files;
  private PodApi pod;
  private String admin;
  private String bot;

  @BeforeEach
  void connect() throws Exception {
    final BdkConfig config = Pod.config("acme-admin");
    this.admin = Pod.connect(config).botSession().getSessionToken();
    this.bot = Pod.connect("acme-bot").botSession().getSessionToken();
    // The description of the list has forgotten the session: an operator of this kit configures the
    // header.
    config.getPod().setDefaultHeaders(Map.of("sessionToken", this.bot));
    this.files = new DefaultApi(new ApiClientFactory(config).getPodClient());
    this.pod = new PodApi(new ApiClientFactory(Pod.config("acme-bot")).getPodClient());
  }

  @Test
  void typeOfFilesIsAllowedAndRemoved() throws Exception {
    final String extension = "." + UUID.randomUUID();
    final FileExtension wanted = new FileExtension().extension(extension).scopeInternal(true).scopeExternal(false);

    final FileExtension made = this.files.putAllowedFileExtension(this.admin, extension, wanted);

    assertEquals(FileExtension.SourceEnum.CUSTOMER, made.getSource());
    assertTrue(this.pod.v1FilesAllowedTypesGet(this.bot).contains(extension));
    assertTrue(listed().contains(extension));
    assertEquals(403,
        assertThrows(ApiException.class, () -> this.files.deleteAllowedFileExtension(this.bot, extension)).getCode());

    this.files.deleteAllowedFileExtension(this.admin, extension);

    assertFalse(listed().contains(extension));
    this.files.deleteAllowedFileExtension(this.admin, extension); // none is there, which is no error
  }

  @Test
  void whatTheProductDoesNotKnowIsNotItsOwn() {
    final FileExtension claimed = new FileExtension().extension(".claimed").source(FileExtension.SourceEnum.SYSTEM);

    assertEquals(400,
        assertThrows(ApiException.class, () -> this.files.putAllowedFileExtension(this.admin, ".claimed", claimed)).getCode());
  }

  @Test
  void languagesTakeNoSession() throws Exception {
    assertTrue(this.pod.v1LanguagesGet().getLanguages().contains("en"));
  }

  @Test
  void typesOfFilesAreListedByTheKit() throws Exception {
    final SymphonyBdk bdk = Pod.connect("acme-bot");

    assertTrue(bdk.messages().getAttachmentTypes().contains(".pdf"));
    assertTrue(bdk.obo(bdk.obo("alice")).messages().getAttachmentTypes().contains(".pdf"));
  }

  private List<String> listed() throws ApiException {
    return this.files.listAllowedFileExtensions(500, null, null).getData().stream().map(FileExtension::getExtension)
        .collect(Collectors.toList());
  }
}
