// Command v3 substitutes as Argo Workflows 3.7 does.
package main

import (
	"encoding/json"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/util/template"
	"github.com/argoproj/argo-workflows/v3/workflow/common"

	"kfops.test/passes"
)

type argo struct{}

func (argo) ReplaceStrict(task string, params passes.Params) (string, error) {
	return template.ReplaceStrictAny(task, template.ToAnyMap(params), []string{"tasks", "steps"})
}

func (argo) ProcessArgs(tmpl, arguments string, globals, locals passes.Params) (string, error) {
	var args wfv1.Arguments
	if arguments != "" {
		if err := json.Unmarshal([]byte(arguments), &args); err != nil {
			return "", err
		}
	}
	return changed(tmpl, func(parsed *wfv1.Template) (*wfv1.Template, error) {
		return common.ProcessArgs(parsed, &args, common.Parameters(globals), common.Parameters(locals), false, "builds", nil)
	})
}

func (argo) SubstituteParams(tmpl string, globals, locals passes.Params) (string, error) {
	return changed(tmpl, func(parsed *wfv1.Template) (*wfv1.Template, error) {
		return common.SubstituteParams(parsed, common.Parameters(globals), common.Parameters(locals))
	})
}

func (argo) Replace(pod string, params passes.Params) (string, error) {
	return template.Replace(pod, template.ToAnyMap(params), true)
}

func changed(tmpl string, change func(*wfv1.Template) (*wfv1.Template, error)) (string, error) {
	var parsed wfv1.Template
	if err := json.Unmarshal([]byte(tmpl), &parsed); err != nil {
		return "", err
	}
	result, err := change(&parsed)
	if err != nil {
		return "", err
	}
	bytes, err := json.Marshal(result)
	return string(bytes), err
}

func main() { passes.Main(argo{}) }
