package upstream

import (
	"net/http"
	"testing"
)

func TestAuthorize(t *testing.T) {
	for _, c := range []struct{ key, header, name, want string }{
		{"k", "authorization", "Authorization", "Bearer k"},
		{"k", "", "Authorization", "Bearer k"},
		{"k", "api-key", "Api-Key", "k"},
		{"k", "api-key", "Authorization", "Bearer client"}, // the proxy has removed it, unless it is to pass
		{"", "api-key", "Api-Key", "client"},
		{"", "authorization", "Authorization", "Bearer client"},
	} {
		h := http.Header{"Authorization": {"Bearer client"}, "Api-Key": {"client"}}
		u := &Upstream{Options: Options{Key: c.key, KeyHeader: c.header}}
		if u.authorize(h); h.Get(c.name) != c.want || len(h[c.name]) != 1 {
			t.Errorf("%+v: %q", c, h)
		}
	}
}

func TestQuery(t *testing.T) {
	for _, c := range []struct{ own, client, want string }{
		{"", "a=1&&b=%zz", "a=1&&b=%zz"},
		{"api-version=2", "", "api-version=2"},
		{"api-version=2", "beta=true", "beta=true&api-version=2"},
		{"api-version=2", "api-version=1&beta=true&API-Version=1&api%2dversion=1&api-version", "beta=true&api-version=2"},
		{"api-version=2", "%zz=1", "api-version=2"},
		{"a=1&b=2", "b=3&c=%20", "c=%20&a=1&b=2"},
	} {
		u := &Upstream{Options: Options{Query: c.own}}
		if got := u.query(c.client); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
