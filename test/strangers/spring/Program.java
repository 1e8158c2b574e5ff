import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.authorization.OAuth2AuthorizationManagers;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.OpaqueTokenAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.introspection.RestClientOpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.introspection.SpringOpaqueTokenIntrospector;

/**
 * Shows that Spring Security accepts our tokens by both of its introspectors. It is what Spring runs behind
 * {@code oauth2ResourceServer().opaqueToken()}, for a resource that asks for the scope "read". Each line of its input is
 * answered with one line. INTROSPECTOR is "RestTemplate" or "RestClient", which they use for their requests; REALM is
 * the URL of a realm's endpoints.
 *
 * <pre>check INTROSPECTOR REALM SECRET TOKEN    "passes" and the client, or the error</pre>
 */
final class Program {
  private static OpaqueTokenIntrospector introspector(String kind, String realm, String secret) {
    String endpoint = realm + "/introspect";
    if (kind.equals("RestClient")) {
      return RestClientOpaqueTokenIntrospector.withIntrospectionUri(endpoint)
          .clientId("app").clientSecret(secret).build();
    }
    return SpringOpaqueTokenIntrospector.withIntrospectionUri(endpoint)
        .clientId("app").clientSecret(secret).build();
  }

  private static String check(String kind, String realm, String secret, String token) {
    OpaqueTokenAuthenticationProvider provider =
        new OpaqueTokenAuthenticationProvider(introspector(kind, realm, secret));
    try {
      Authentication caller = provider.authenticate(new BearerTokenAuthenticationToken(token));
      if (!OAuth2AuthorizationManagers.hasScope("read").authorize(() -> caller, null).isGranted()) {
        return "insufficient_scope";
      }
      OAuth2AuthenticatedPrincipal principal = (OAuth2AuthenticatedPrincipal) caller.getPrincipal();
      return "passes " + principal.getAttribute("client_id");
    } catch (InvalidBearerTokenException invalid) {
      // Answered with 401.
      return invalid.getError().getErrorCode();
    } catch (AuthenticationServiceException failed) {
      // Answered with 500.
      return "failed " + failed.getClass().getSimpleName();
    }
  }

  public static void main(String[] arguments) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ");
      System.out.println(check(words[1], words[2], words[3], words[4]));
    }
  }
}
