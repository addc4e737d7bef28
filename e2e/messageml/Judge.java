import com.fasterxml.jackson.databind.*;
import com.fasterxml.jackson.databind.node.*;
import org.symphonyoss.symphony.messageml.*;
import org.symphonyoss.symphony.messageml.exceptions.*;
import org.symphonyoss.symphony.messageml.util.*;
import java.io.*;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Answers each line of standard input, {"message","data","version"}, with what the library makes of
 * it.
 */
public class Judge {
  static class User implements IUserPresentation {
    final long id; final String email;
    User(long id, String email) { this.id = id; this.email = email; }
    public long getId() { return id; }
    public String getScreenName() { return "user" + id; }
    public String getPrettyName() { return "User " + id + " <&>"; }
    public String getEmail() { return email; }
  }
  static class People implements IDataProvider {
    public IUserPresentation getUserPresentation(String email) throws InvalidInputException {
      if (email.endsWith("@known.example")) return new User(7078106482890L, email);
      throw new InvalidInputException("Failed to lookup user \"" + email + "\"");
    }
    public IUserPresentation getUserPresentation(Long id) throws InvalidInputException {
      if (id >= 1 && id <= 99) return new User(id, "u" + id + "@known.example");
      throw new InvalidInputException("Failed to lookup user \"" + id + "\"");
    }
    public void validateURI(URI uri) throws InvalidInputException {
      String s = uri.getScheme();
      if (!"http".equalsIgnoreCase(s) && !"https".equalsIgnoreCase(s) && !"mailto".equalsIgnoreCase(s))
        throw new InvalidInputException("URI scheme \"" + s + "\" is not supported by the pod.");
    }
  }
  public static void main(String[] a) throws Exception {
    ObjectMapper json = new ObjectMapper();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
    System.setErr(new PrintStream(OutputStream.nullOutputStream()));
    for (String line; (line = in.readLine()) != null; ) {
      JsonNode q = json.readTree(line);
      ObjectNode r = json.createObjectNode();
      try {
        MessageMLContext c = new MessageMLContext(new People());
        c.parseMessageML(q.path("message").asText(null), q.path("data").isMissingNode() ? null : q.path("data").asText(), q.path("version").isMissingNode() ? null : q.path("version").asText());
        r.put("presentationML", c.getPresentationML());
        r.put("data", c.getEntityJson().toString());
        try { r.put("text", c.getText()); } catch (Exception e) { }
      } catch (InvalidInputException | ProcessingException e) {
        r.put("error", e.getMessage());
      } catch (Throwable e) {
        r.put("crash", e.toString());
      }
      out.println(json.writeValueAsString(r));
    }
  }
}
