package importers

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// Tools lists the tools, sorted by name. To add one, write a file with its Tool and name it here.
func Tools() []Tool {
	return []Tool{
		alpacaEval(), arenaVotes(), everyEvalEver(), gpt4Dataset(), helm(), inspect(), langfuse(), langsmith(), liteLLM(), llmRouter(),
		llmRouterBench(), lmEval(), mtBench(), openAIEvals(), openRouter(), promptfoo(), routerArena(), routerBench(), ultraFeedback(),
	}
}

// Find returns the tool of a name. For an unknown name it returns an error that lists all.
func Find(name string) (Tool, error) {
	var names []string
	for _, t := range Tools() {
		if t.Name == name {
			return t, nil
		}
		names = append(names, t.Name)
	}
	return Tool{}, hint.DidYouMean(fmt.Errorf("unknown tool %q: want one of %s", name, strings.Join(names, ", ")), name, names)
}
