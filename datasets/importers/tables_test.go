package importers

import "testing"

// TestTableTools imports the sample of every tool that reads tables.
func TestTableTools(t *testing.T) {
	for name, folder := range map[string]string{
		"alpaca-eval": "alpaca_eval", "gpt4-dataset": "none", "llmrouter": "none", "langfuse": "langfuse", "langsmith": "langsmith", "litellm": "litellm",
		"llmrouterbench": "llmrouterbench", "openrouter": "openrouter", "routerarena": "routerarena", "routerbench": "routerbench",
	} {
		t.Run(name, func(t *testing.T) { checkTool(t, name, folder, Options{}) })
	}
}
