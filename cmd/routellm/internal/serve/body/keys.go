package body

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// object checks the keys of one JSON object: those that this server reads must be given at most
// once and in one spelling. Otherwise a model's server, which may take the last of two keys or
// ignore case, could read another model or another prompt than was routed.
type object struct {
	read []string // the keys that this server reads
	seen []string
}

// take returns an error for a key that repeats one that is read, or is another spelling of it.
func (o *object) take(key string) error {
	if slices.Contains(o.read, key) {
		if slices.Contains(o.seen, key) {
			return fmt.Errorf("%q is given twice", key)
		}
		o.seen = append(o.seen, key)
		return nil
	}
	if name := folded(key); slices.Contains(o.read, name) {
		return fmt.Errorf("a key is another spelling of %q, which some servers read as the same: expected %q alone", name, name)
	}
	return nil
}

// spellings removes what some servers ignore in keys, such as Go's encoding/json/v2, and the
// Turkish i's, of which Java compares one letter to i.
var spellings = strings.NewReplacer("_", "", "-", "", "ı", "i", "\u0307", "")

// folded returns a key without the differences that servers may ignore: case, as Unicode folds
// it (the Kelvin sign is a k, a long s an s), width and other compatibility forms, and
// separators.
func folded(key string) string {
	if strings.IndexFunc(key, func(r rune) bool { return r >= 0x80 }) >= 0 {
		key = cases.Fold().String(norm.NFKC.String(key))
	}
	return spellings.Replace(strings.ToLower(key))
}

// checkMessages checks the keys of messages, from which [Body.Text] takes the text, and of their
// parts.
func checkMessages(messages gjson.Result) error {
	return eachObject(messages, func(m gjson.Result) error {
		if err := checkObject(m, "role", "content"); err != nil {
			return fmt.Errorf("in a message: %w", err)
		}
		return checkParts(m.Get("content"))
	})
}

// checkParts checks the keys of the parts of a message.
func checkParts(content gjson.Result) error {
	return eachObject(content, func(part gjson.Result) error {
		if err := checkObject(part, "text"); err != nil {
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

func checkObject(value gjson.Result, read ...string) (err error) {
	o := object{read: read}
	value.ForEach(func(key, _ gjson.Result) bool {
		err = o.take(key.Str)
		return err == nil
	})
	return err
}
