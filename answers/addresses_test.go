package answers

import (
	"testing"

	"github.com/routellm/routellm/answers/chat"
)

// TestParseIdentity reads what a client says of itself.
func TestParseIdentity(t *testing.T) {
	c, err := chat.New(chat.Endpoint{Label: "big", Model: "a\"b\nc", URL: "http://127.0.0.1:1/v1", API: chat.LlamaCPP})
	if err != nil {
		t.Fatal(err)
	}
	want := Address{API: "llamacpp", URL: "http://127.0.0.1:1/v1", Model: "a\"b\nc"}
	if got, ok := parseIdentity(c.Identity()); !ok || got != want {
		t.Errorf("%+v, %v", got, ok)
	}
	for _, text := range []string{"", "openai", "openai\nurl\nmodel", "a\nb\n\"c\"\nd"} {
		if got, ok := parseIdentity(text); ok {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
	if got := Addresses("addresses_test.go"); got != nil {
		t.Errorf("addresses in a file of another format: %v", got)
	}
}
