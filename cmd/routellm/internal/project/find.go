package project

import (
	"errors"
	"io/fs"
	"os"
)

// Variable is the environment variable that names the file to read, or says [None].
const Variable = "ROUTELLM_CONFIG"

// None stands for no file.
const None = "none"

// Find returns the path of the file to read: the given one, that of the environment variable, or
// routellm.yaml in the working folder if it exists; "" for no file.
func Find(given string) (string, error) {
	if given == "" {
		given = os.Getenv(Variable)
	}
	switch given {
	case None:
		return "", nil
	case "":
		info, err := os.Stat(Name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir() {
			return "", nil
		}
		return Name, err
	}
	return given, nil
}
