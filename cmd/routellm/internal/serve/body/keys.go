package body

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tidwall/gjson"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// object checks the keys of one JSON object: those that this server reads must be given at most
// once and in one spelling. Otherwise a model's server, which may take the last of two keys or
// ignore case, could read another model or another prompt than was routed.
type object struct {
	read map[string]string // the keys that this server reads, by their folded forms
	seen []string
}

// The keys that this server reads, anywhere: of a request, of its messages and of their parts.
// What is read elsewhere in this module belongs here, too.
var (
	readKeys = foldedNames("model", "stream", Messages, Input, Prompt, System, "instructions", "suffix", "tools", "functions",
		"previous_response_id", "prompt_cache_key", "conversation", "safety_identifier", "user", "metadata")
	readInConversation = foldedNames("id")
	readInMessages     = foldedNames("role", "content", "type", "text")
	readInParts        = foldedNames("type", "text")
)

func foldedNames(names ...string) map[string]string {
	m := map[string]string{}
	for _, name := range names {
		m[folded(name)] = name
	}
	return m
}

// take returns an error for a key that repeats one that is read, or is another spelling of it.
func (o *object) take(key string) error {
	name, ok := o.read[folded(key)]
	switch {
	case strings.ContainsRune(key, 0): // where a C string ends
		return errors.New("a key contains U+0000")
	case !ok:
		return nil
	case name != key:
		return fmt.Errorf("a key is another spelling of %q, which some servers read as the same: expected %q alone", name, name)
	case slices.Contains(o.seen, key):
		return fmt.Errorf("%q is given twice", key)
	}
	o.seen = append(o.seen, key)
	return nil
}

// folded returns a key without the differences that servers may ignore: case, as Unicode folds
// it (the Kelvin sign is a k, a long s an s), width and other compatibility forms, separators, and
// characters that cannot be seen or decoded.
func folded(key string) string {
	if !strings.ContainsFunc(key, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return key
	}
	if strings.ContainsFunc(key, func(r rune) bool { return r >= utf8.RuneSelf }) {
		key = cases.Fold().String(norm.NFKC.String(key))
	}
	return strings.Map(foldedRune, key)
}

// foldedRune returns a character of a key in lower case, or -1 if servers may ignore it.
func foldedRune(r rune) rune {
	switch {
	case r == '_' || r == '-': // Go's encoding/json/v2 ignores them
		return -1
	case r == 'ı': // which Java takes for an i, as it takes İ, of which folding leaves a dot
		return 'i'
	case r == '\u0307' || r == utf8.RuneError:
		return -1
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.White_Space, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
		return -1
	}
	return unicode.ToLower(r)
}

// checkMessages checks the keys of messages, from which [Body.Text] takes the text, and of their
// parts.
func checkMessages(messages gjson.Result) error {
	return eachObject(messages, func(m gjson.Result) error {
		content, err := checkObject(m, readInMessages)
		if err != nil {
			return fmt.Errorf("in a message: %w", err)
		}
		return checkParts(content)
	})
}

// checkParts checks the keys of the parts of a message.
func checkParts(content gjson.Result) error {
	return eachObject(content, func(part gjson.Result) error {
		if _, err := checkObject(part, readInParts); err != nil {
			return fmt.Errorf("in a part of a message: %w", err)
		}
		return nil
	})
}

// eachObject calls check for the objects of an array, if value is one, until the first error.
func eachObject(value gjson.Result, check func(gjson.Result) error) (err error) {
	if !value.IsArray() {
		return nil
	}
	value.ForEach(func(_, item gjson.Result) bool {
		if item.IsObject() {
			err = check(item)
		}
		return err == nil
	})
	return err
}

// checkObject checks the keys of an object and returns its content, which need not be looked up
// again then: that would copy a long text.
func checkObject(of gjson.Result, read map[string]string) (content gjson.Result, err error) {
	o := object{read: read}
	of.ForEach(func(key, value gjson.Result) bool {
		if key.Str == "content" {
			content = value
		}
		err = o.take(key.Str)
		return err == nil
	})
	return content, err
}

// others lists the keys of texts that requests of other kinds have.
func others(keys []string) (out []string) {
	for _, key := range []string{Messages, Input, Prompt} {
		if len(keys) > 0 && !slices.Contains(keys, key) {
			out = append(out, key)
		}
	}
	return out
}

// isText reports whether a value can be a text to route. The prompt of OpenAI's Responses is an
// object, which names a text that the server has.
func isText(value gjson.Result) bool { return value.Type == gjson.String || value.IsArray() }
