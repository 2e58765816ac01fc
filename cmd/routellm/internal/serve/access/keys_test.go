package access

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReadKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	for text, want := range map[string]struct {
		keys []Key
		err  string
	}{
		"a\n":                   {keys: []Key{{"", "a"}}},
		" a \r\n\n# no\n\t#\nb": {keys: []Key{{"", "a"}, {"", "b"}}},
		"\ufeffa\n":             {keys: []Key{{"", "a"}}},
		"team-a k1\nteam-a\tk2\nteam_b.1  k3\nk4": {keys: []Key{{"team-a", "k1"}, {"team-a", "k2"}, {"team_b.1", "k3"}, {"", "k4"}}},
		"a\na\n":                           {keys: []Key{{"", "a"}, {"", "a"}}},
		"":                                 {err: "found no key"},
		"# no\n":                           {err: "found no key"},
		"x\na b c\n":                       {err: "keys:2: found 3 words, expected KEY or NAME KEY"},
		"a k\n\nb k":                       {err: "keys:3: line 1 has the same key under another name"},
		"té k":                             {err: "keys:1: expected a name of at most 64"},
		"a\x00b":                           {err: "keys:1: found a control character"},
		"\xff\xfea\x00":                    {err: "keys:1: found a control character"}, // UTF-16
		"sk-0123456789abcdef0123 frontend": {err: "keys:1: the name is longer than the key"},
		strings.Repeat("x", maxKeyFile+1):  {err: "found more than 1048576 bytes"},
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ReadKeys(path)
		if !slices.Equal(got, want.keys) || (err == nil) != (want.err == "") || err != nil && !strings.Contains(err.Error(), want.err) {
			t.Errorf("%.20q: %q, %v", text, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "0123456789") {
			t.Errorf("the error shows a key: %v", err)
		}
	}
	for _, path := range []string{path + "x", t.TempDir(), os.DevNull} {
		if _, err := ReadKeys(path); err == nil {
			t.Errorf("%s: no error", path)
		}
	}
}

func TestReadKey(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "key"), filepath.Join(dir, "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"sk-1\n": "sk-1", "sk-1": "sk-1", "\n sk-1\r\n\n": "sk-1", "": "found no key", "\n": "found no key", "sk-1\nsk-2": "expected one key", "sk-1\x00": "expected one key"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ReadKey(link)
		if err == nil && got != want || err != nil && (!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "sk-")) {
			t.Errorf("%q: %q, %v, expected %s", text, got, err, want)
		}
	}
}

func TestFind(t *testing.T) {
	keys := tableOf([]Key{{"team-a", "k1"}, {"", "k2"}, {"team-a", "k3"}})
	for _, c := range []struct {
		headers map[string]string
		name    string
		why     Refusal
	}{
		{nil, "", MissingKey},
		{map[string]string{"Authorization": "Bearer"}, "", MissingKey},
		{map[string]string{"Authorization": "Bearer "}, "", MissingKey},
		{map[string]string{"Authorization": "Basic k1"}, "", MissingKey},
		{map[string]string{"Authorization": "Bearer k"}, "", WrongKey},
		{map[string]string{"Authorization": "Bearer team-a"}, "", WrongKey},
		{map[string]string{"Authorization": "Bearer team-a k1"}, "", WrongKey},
		{map[string]string{"Authorization": "bearer k1"}, "team-a", None},
		{map[string]string{"X-Api-Key": "k3"}, "team-a", None},
		{map[string]string{"Api-Key": "k2"}, NameOf("k2"), None},
		{map[string]string{"Api-Key": "k9"}, "", WrongKey},
		{map[string]string{"X-Goog-Api-Key": "k1"}, "", MissingKey},
		{map[string]string{"Authorization": "Bearer wrong", "X-Api-Key": "k1"}, "team-a", None}, // a client sends both
	} {
		r := httptest.NewRequest("GET", "/", nil)
		for name, value := range c.headers {
			r.Header.Set(name, value)
		}
		if name, why := keys.find(r); name != c.name || why != c.why {
			t.Errorf("%v: %q, %v", c.headers, name, why)
		}
	}
	if name := NameOf("k2"); len(name) != 12 || name == NameOf("k1") || strings.Contains(name, "k2") {
		t.Errorf("name %s", name)
	}
	if name, why := tableOf(nil).find(httptest.NewRequest("GET", "/", nil)); name != "" || why != None {
		t.Errorf("without keys: %q, %v", name, why)
	}
	if got := Client(WithClient(httptest.NewRequest("GET", "/", nil), "team-a")); got != "team-a" {
		t.Errorf("client %q", got)
	}
}

func TestCleanRequest(t *testing.T) {
	credentials := strings.Fields("Authorization Proxy-Authorization Cookie Cookie2 Api-Key X-Api-Key X-Goog-Api-Key Openai-Organization Openai-Project " +
		"Ocp-Apim-Subscription-Key X-Amz-Security-Token X-Amz-Date X-Auth-Token Cf-Access-Client-Secret Cf-Access-Client-Id X-Access-Token X-Goog-User-Project X-Session-Token X-Csrf-Token X-Client-Key Private-Token X-Portkey-Virtual-Key X-Aws-Access-Key-Id Key")
	removed := strings.Fields("Expect Range If-None-Match If-Modified-Since If-Match Origin Sec-Fetch-Site X-Forwarded-User X-Forwarded-Prefix X-Remote-User X-Real-Ip X-Original-Url X_original_url Api_key X_api_key X-Rewrite-Url X-Http-Method-Override Content_type")
	kept := strings.Fields("Openai-Beta Anthropic-Version Anthropic-Beta User-Agent Accept X-Stainless-Lang X-Client-Request-Id Idempotency-Key Http-Referer X-Title Traceparent X-Session-Id")
	for _, forward := range []bool{false, true} {
		const public = "beta=true&include[]=a&api-version=2&max_keys=3"
		r := httptest.NewRequest("POST", "/?key=k&"+public+"&api_key=k&k%65y=k&access_token=k&subscription-key=k", strings.NewReader("{}"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-16")
		for _, name := range slices.Concat(credentials, removed, kept) {
			r.Header[name] = []string{"v"}
		}
		CleanRequest(r, forward)
		if (r.URL.RawQuery == public) == forward || !strings.Contains(r.URL.RawQuery, public) {
			t.Errorf("forward %v: query %s", forward, r.URL.RawQuery)
		}
		has := func(name string) bool { return len(r.Header[name]) > 0 }
		for _, name := range credentials {
			if has(name) != forward {
				t.Errorf("forward %v, %s: %v", forward, name, has(name))
			}
		}
		if i := slices.IndexFunc(removed, has); i >= 0 {
			t.Errorf("%s is kept", removed[i])
		}
		if i := slices.IndexFunc(kept, func(name string) bool { return !has(name) }); i >= 0 {
			t.Errorf("%s is removed", kept[i])
		}
		if got := r.Header["Content-Type"]; !slices.Equal(got, []string{"application/json"}) {
			t.Errorf("content type %q", got)
		}
	}
}

func TestCleanAnswer(t *testing.T) {
	for _, forward := range []bool{false, true} {
		h := http.Header{"Access-Control-Allow-Origin": {"*"}, "Set-Cookie": {"c=1"}, "Strict-Transport-Security": {"max-age=1"}, "Alt-Svc": {"h3"}, "X-Of-Server": {"kept"}}
		CleanAnswer(h, forward)
		if want := 1 + map[bool]int{true: 1}[forward]; len(h) != want || h.Get("X-Of-Server") == "" {
			t.Errorf("forward %v: %v", forward, h)
		}
	}
}
