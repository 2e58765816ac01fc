package access

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rs/cors"
)

// anyOrigin stands for the pages of every site.
const anyOrigin = "*"

// remember is the time in seconds for which browsers remember that a site is allowed.
const remember = 7200

// exposed lists the headers that pages of allowed origins may read.
var exposed = strings.Fields("X-Routellm-Id X-Routellm-Model X-Routellm-Router X-Routellm-Score X-Routellm-Microseconds X-Request-Id Retry-After X-Should-Retry")

// CheckOrigin refuses what is neither an origin, as browsers write it, nor "*".
func CheckOrigin(text string) error {
	if text == anyOrigin {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Host == "" || strings.Contains(text, "*") || u.Scheme+"://"+u.Host != text || u.User != nil {
		return fmt.Errorf("found %q, expected an origin such as https://app.example.com, or *", text)
	}
	if port := u.Port(); u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		return errors.New("found " + text + ", expected it without the port, which browsers leave out")
	}
	return nil
}

// allowOrigins lets the pages of these origins in.
func (p *Policy) allowOrigins(origins []string) {
	var valid []string
	for _, o := range origins {
		if o = strings.ToLower(o); CheckOrigin(o) == nil {
			valid = append(valid, o)
		}
	}
	if len(valid) > 0 {
		p.cors = cors.New(cors.Options{
			AllowedOrigins: valid, AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete},
			AllowedHeaders: []string{"*"}, ExposedHeaders: exposed, MaxAge: remember,
			AllowPrivateNetwork: !slices.Contains(valid, anyOrigin), // such a page may use a server on the loopback address
		})
	}
	if slices.Contains(valid, anyOrigin) {
		return
	}
	p.browsers = http.NewCrossOriginProtection() // pages of other sites must not spend money here
	for _, o := range valid {
		_ = p.browsers.AddTrustedOrigin(o) // CheckOrigin refuses what this would refuse
	}
}

// CORS tells browsers whether the page that a request comes from may read the answer. It returns
// true if the request only asked that, and is answered.
func (p *Policy) CORS(w http.ResponseWriter, r *http.Request) bool {
	if p.cors == nil {
		return false
	}
	p.cors.HandlerFunc(w, r)
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}
