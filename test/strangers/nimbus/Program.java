import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.ErrorResponse;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.Request;
import com.nimbusds.oauth2.sdk.ResourceOwnerPasswordCredentialsGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenIntrospectionRequest;
import com.nimbusds.oauth2.sdk.TokenIntrospectionResponse;
import com.nimbusds.oauth2.sdk.TokenIntrospectionSuccessResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.oauth2.sdk.token.Token;
import com.nimbusds.oauth2.sdk.token.Tokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Shows that Nimbus's OAuth 2.0 SDK gets, refreshes, introspects and revokes our tokens, with the client in the header or
 * the form. Each line of its input is answered with one line. AUTHENTICATION is "basic" or "post", REALM the URL of a
 * realm's endpoints.
 *
 * <pre>
 * client_credentials AUTHENTICATION REALM SECRET SCOPE            "token", the access token
 * password AUTHENTICATION REALM SECRET SCOPE USERNAME PASSWORD    "token", the access token, the refresh token
 * refresh AUTHENTICATION REALM SECRET REFRESH_TOKEN               the same
 * revoke AUTHENTICATION REALM SECRET TOKEN                        "done"
 * check AUTHENTICATION REALM SECRET TOKEN                         "passes" and the client, or the error
 * </pre>
 */
final class Program {
  private static String answer(String[] words) throws ParseException {
    String realm = words[2];
    ClientAuthentication client = authentication(words[1], new Secret(words[3]));
    try {
      return switch (words[0]) {
        case "client_credentials" -> issued(realm, client, new ClientCredentialsGrant(), new Scope(words[4]));
        case "password" -> issued(
            realm,
            client,
            new ResourceOwnerPasswordCredentialsGrant(words[5], new Secret(words[6])),
            new Scope(words[4]));
        case "refresh" -> issued(realm, client, new RefreshTokenGrant(new RefreshToken(words[4])), null);
        case "revoke" -> revoke(realm, client, new BearerAccessToken(words[4]));
        default -> check(realm, client, new BearerAccessToken(words[4]));
      };
    } catch (IOException failed) {
      return "failed " + failed.getClass().getSimpleName();
    }
  }

  private static ClientAuthentication authentication(String method, Secret secret) {
    ClientID id = new ClientID("app");
    return method.equals("basic") ? new ClientSecretBasic(id, secret) : new ClientSecretPost(id, secret);
  }

  private static HTTPResponse send(Request request) throws IOException {
    return request.toHTTPRequest().send();
  }

  private static String issued(String realm, ClientAuthentication client, AuthorizationGrant grant, Scope scope)
      throws ParseException, IOException {
    URI endpoint = URI.create(realm + "/access_token");
    TokenResponse response =
        TokenResponse.parse(send(new TokenRequest.Builder(endpoint, client, grant).scope(scope).build()));
    if (!response.indicatesSuccess()) {
      return refused(response.toErrorResponse());
    }
    Tokens tokens = response.toSuccessResponse().getTokens();
    RefreshToken refreshToken = tokens.getRefreshToken();
    return "token " + tokens.getAccessToken() + (refreshToken == null ? "" : " " + refreshToken);
  }

  private static String revoke(String realm, ClientAuthentication client, Token token) throws IOException {
    HTTPResponse response =
        send(new TokenRevocationRequest(URI.create(realm + "/token/revoke"), client, token));
    return response.indicatesSuccess() ? "done" : "failed " + response.getStatusCode();
  }

  /** A resource server that asks for the scope "read". */
  private static String check(String realm, ClientAuthentication client, BearerAccessToken token)
      throws ParseException, IOException {
    TokenIntrospectionResponse response = TokenIntrospectionResponse.parse(
        send(new TokenIntrospectionRequest(URI.create(realm + "/introspect"), client, token)));
    if (!response.indicatesSuccess()) {
      return refused(response.toErrorResponse());
    }
    TokenIntrospectionSuccessResponse found = response.toSuccessResponse();
    if (!found.isActive()) {
      return "invalid_token";
    }
    Scope scope = found.getScope();
    return scope != null && scope.contains("read") ? "passes " + found.getClientID() : "insufficient_scope";
  }

  private static String refused(ErrorResponse response) {
    return "refused " + response.getErrorObject().getCode();
  }

  public static void main(String[] arguments) throws IOException, ParseException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(answer(line.split(" ")));
    }
  }
}
