package config

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/routellm/routellm/datasets/prompttext"
)

// ClientTags are the names of the tags with which coding agents and editors mark what they add
// to users' messages by themselves. Names that people and programs also use for what they ask
// about, such as context, attachments and user_info, are not among them.
var ClientTags = []string{
	// Claude Code
	"system-reminder", "command-name", "command-message", "local-command-stdout", "local-command-stderr", "local-command-caveat",
	"bash-input", "bash-stdout", "bash-stderr", "ide_opened_file", "ide_selection", "ide_diagnostics", "task-notification", "user-prompt-submit-hook",
	// Codex
	"environment_context", "turn_aborted", "user_shell_command",
	// Cline, Roo Code
	"environment_details",
	// Cursor
	"open_and_recently_viewed_files", "system_reminder",
	// Copilot
	"environment_info", "workspace_info", "editorContext", "reminderInstructions",
}

func (c *Config) addTexts(f *pflag.FlagSet) {
	f.StringVar(&c.Text, "text", string(prompttext.Users), "`MESSAGES` to route: users (all of the user), last or first (of the user), or all")
	f.StringSliceVar(&c.DropTags, "drop-tags", ClientTags, "names of `TAGS` whose parts of messages are not routed (default those of coding agents)")
	f.Lookup("drop-tags").DefValue = "[]" // the list is too long for the help
	f.IntVar(&c.MaxText, "max-text", 1<<18, "most `CHARACTERS` of a text that the router encodes, half from each end")
}

func (c *Config) checkTexts() (string, error) {
	if _, err := prompttext.ParseMode(c.Text, false); err != nil {
		return "text", err
	}
	if _, err := prompttext.NewTags(c.DropTags); err != nil {
		return "drop-tags", fmt.Errorf("found %q, %w", strings.Join(c.DropTags, ","), err)
	}
	if c.MaxText < 1 {
		return "max-text", fmt.Errorf("found %d, expected at least 1", c.MaxText)
	}
	return "", nil
}
