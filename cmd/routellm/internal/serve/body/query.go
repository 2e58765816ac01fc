package body

import (
	"errors"
	"fmt"
	"net/url"
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
