package body

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// CheckQuery refuses the query of a request if some servers could read another model or another
// text in it than in the body, or if servers read it differently.
func CheckQuery(raw string) error {
	if raw == "" {
		return nil
	}
	parameters, err := url.ParseQuery(raw)
	if err != nil {
		return errors.New("the query of the address is malformed")
	}
	for key := range parameters {
		name, _, _ := strings.Cut(key, "[") // PHP and others read model[] as model
		if known, ok := readKeys[folded(name)]; ok {
			return fmt.Errorf("the query of the address has %q, which belongs into the body", known)
		}
	}
	return nil
}

// DropParameters returns a query without the parameters whose names drop chooses, and without those
// whose names are malformed. The others stay as they are.
func DropParameters(raw string, drop func(name string) bool) string {
	parts := slices.DeleteFunc(strings.Split(raw, "&"), func(part string) bool {
		name, _, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(name)
		return part == "" || err != nil || drop(name)
	})
	return strings.Join(parts, "&")
}
