// Command v4 substitutes as Argo Workflows 4.0 does.
package main

import (
	"context"
	"encoding/json"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/util/logging"
	"github.com/argoproj/argo-workflows/v4/util/template"
	"github.com/argoproj/argo-workflows/v4/workflow/common"

	"kfops.test/passes"
)

var ctx = logging.WithLogger(context.Background(), logging.NewSlogLogger(logging.Error, logging.Text))

type argo struct{}

func (argo) ReplaceStrict(task string, params passes.Params) (string, error) {
	return template.ReplaceStrict(ctx, task, params, []string{"tasks", "steps"})
}

func (argo) ProcessArgs(tmpl, arguments string, globals, locals passes.Params) (string, error) {
	var args wfv1.Arguments
	if arguments != "" {
		if err := json.Unmarshal([]byte(arguments), &args); err != nil {
			return "", err
		}
	}
	return changed(tmpl, func(parsed *wfv1.Template) (*wfv1.Template, error) {
		return common.ProcessArgs(ctx, parsed, &args, common.Parameters(globals), common.Parameters(locals), false, "builds", nil)
	})
}

func (argo) SubstituteParams(tmpl string, globals, locals passes.Params) (string, error) {
	return changed(tmpl, func(parsed *wfv1.Template) (*wfv1.Template, error) {
		return common.SubstituteParams(ctx, parsed, common.Parameters(globals), common.Parameters(locals))
	})
}

func (argo) Replace(pod string, params passes.Params) (string, error) {
	return template.Replace(ctx, pod, params, true)
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
