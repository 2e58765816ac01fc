package config

import (
	"errors"
	"net/url"
	"strings"
)

// Model is a model and the base URL of its server, written MODEL@URL. It is a flag value.
type Model struct {
	Name string
	URL  *url.URL // http or https, without a slash at the end
}

// String returns MODEL@URL, or "" for the zero value.
func (m *Model) String() string {
	if m.URL == nil {
		return ""
	}
	return m.Name + "@" + m.URL.String()
}

// Type returns the name of the value in help texts.
func (m *Model) Type() string { return "MODEL@URL" }

// Set reads MODEL@URL. The model's name may contain an @.
func (m *Model) Set(text string) error {
	at := max(strings.LastIndex(text, "@http://"), strings.LastIndex(text, "@https://"))
	if at < 1 {
		return errors.New("expected MODEL@URL, such as llama@http://127.0.0.1:8080/v1")
	}
	u, err := url.Parse(text[at+1:])
	switch {
	case err != nil:
		return errors.New("the URL is not valid") // err would repeat the URL, which may contain a password
	case u.Host == "" || u.RawQuery != "" || u.Fragment != "":
		return errors.New("expected a URL with a host and without a query")
	case u.User != nil:
		return errors.New("expected a URL without a password: keys have settings of their own")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	*m = Model{Name: text[:at], URL: u}
	return nil
}
