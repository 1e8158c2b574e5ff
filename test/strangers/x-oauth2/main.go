// Shows that golang.org/x/oauth2 gets and refreshes our tokens and uses them, with the client in the header or the form.
//
// Each line of its input is answered with one line. AUTHENTICATION is "basic", "post" or "detected" (the library's
// default), REALM the URL of a realm's endpoints.
//
//	client_credentials AUTHENTICATION REALM SECRET SCOPE          "token", the access token
//	password AUTHENTICATION REALM SECRET SCOPE USERNAME PASSWORD  "token", the access token, the refresh token
//	refresh AUTHENTICATION REALM SECRET REFRESH_TOKEN             the same
//	check AUTHENTICATION REALM SECRET TOKEN                       "passes" and the client, or the error
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

var styles = map[string]oauth2.AuthStyle{
	"basic":    oauth2.AuthStyleInHeader,
	"post":     oauth2.AuthStyleInParams,
	"detected": oauth2.AuthStyleAutoDetect,
}

func answer(words []string) (string, error) {
	command, style, realm, secret, rest := words[0], styles[words[1]], words[2], words[3], words[4:]
	context := context.Background()
	endpoint := oauth2.Endpoint{TokenURL: realm + "/access_token", AuthStyle: style}
	config := oauth2.Config{ClientID: "app", ClientSecret: secret, Endpoint: endpoint}
	switch command {
	case "client_credentials":
		config := clientcredentials.Config{
			ClientID: "app", ClientSecret: secret, TokenURL: endpoint.TokenURL, AuthStyle: style, Scopes: rest[:1],
		}
		return issued(config.Token(context))
	case "password":
		config.Scopes = rest[:1]
		return issued(config.PasswordCredentialsToken(context, rest[1], rest[2]))
	case "refresh":
		// One whose access token has expired: the source refreshes it by itself.
		expired := &oauth2.Token{AccessToken: "expired", RefreshToken: rest[0], Expiry: time.Unix(1, 0)}
		return issued(config.TokenSource(context, expired).Token())
	default:
		source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: rest[0]})
		return check(oauth2.NewClient(context, source), realm+"/tokeninfo")
	}
}

func issued(token *oauth2.Token, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return strings.TrimSpace("token " + token.AccessToken + " " + token.RefreshToken), nil
}

// check sends a token with the library's client. The library judges no tokens: what the answer means is read here.
func check(client *http.Client, url string) (string, error) {
	response, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusUnauthorized {
		return "invalid_token", nil
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Sprintf("failed %d", response.StatusCode), nil
	}
	var info struct {
		ClientID string `json:"client_id"`
		Scope    []string
	}
	if err := json.NewDecoder(response.Body).Decode(&info); err != nil {
		return "", err
	}
	if !slices.Contains(info.Scope, "read") {
		return "insufficient_scope", nil
	}
	return "passes " + info.ClientID, nil
}

// told puts an answer or an error into one line.
func told(line string, err error) string {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return "refused " + refused.ErrorCode
	}
	if err != nil {
		return fmt.Sprintf("failed %T", err)
	}
	return line
}

func main() {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(told(answer(strings.Fields(lines.Text()))))
	}
}
