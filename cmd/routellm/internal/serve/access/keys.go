package access

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"
)

// Key is a key that clients may present.
type Key struct {
	Name   string // says whose key it is; no secret; "" stands for [NameOf]
	Secret string
}

// NameOf returns a name for a key that has none: "key-" and 8 hex digits. They come from a digest,
// and so stay the same when the file with the keys changes. They do not give a long random key
// away, but confirm a guess of a short one.
func NameOf(secret string) string {
	digest := sha256.Sum256([]byte("routellm: name of a client's key\x00" + secret))
	return "key-" + hex.EncodeToString(digest[:4])
}

// keyTable holds the SHA-256 digests of keys and the keys' names.
type keyTable struct {
	digests [][sha256.Size]byte
	names   []string
}

func tableOf(keys []Key) keyTable {
	var t keyTable
	for _, k := range keys {
		if k.Name == "" {
			k.Name = NameOf(k.Secret)
		}
		t.digests, t.names = append(t.digests, sha256.Sum256([]byte(k.Secret))), append(t.names, k.Name)
	}
	return t
}

// find returns the name of the key that a request presents. It takes the same time whether a key
// is right or wrong. An empty table lets every request in, with the name "".
func (t keyTable) find(r *http.Request) (name string, why Refusal) {
	if len(t.names) == 0 {
		return "", None
	}
	secrets := presented(r.Header)
	found := -1
	for _, secret := range secrets {
		digest := sha256.Sum256([]byte(secret))
		for i := range t.digests {
			found = subtle.ConstantTimeSelect(subtle.ConstantTimeCompare(digest[:], t.digests[i][:]), i, found)
		}
	}
	switch {
	case len(secrets) == 0:
		return "", MissingKey
	case found < 0:
		return "", WrongKey
	}
	return t.names[found], None
}

// presented returns the keys in a request's headers: the bearer token of OpenAI's clients, the
// x-api-key of Anthropic's and the api-key of Azure's. One of them has to be right.
func presented(h http.Header) []string {
	var out []string
	if scheme, token, ok := strings.Cut(h.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") && token != "" {
		out = append(out, token)
	}
	for _, name := range []string{"X-Api-Key", "Api-Key"} {
		if key := h.Get(name); key != "" {
			out = append(out, key)
		}
	}
	return out
}

// clientKey is the context key of the name of a request's key.
type clientKey struct{}

// WithClient returns a request that carries the name of the key that let it in.
func WithClient(r *http.Request, name string) *http.Request {
	if name == "" {
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), clientKey{}, name))
}

// Client returns the name of the key that let a request in, or "" if it needed none.
func Client(r *http.Request) string {
	name, _ := r.Context().Value(clientKey{}).(string)
	return name
}
