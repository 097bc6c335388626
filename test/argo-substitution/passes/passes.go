// Package passes runs a workflow's tasks through Argo's own substitution, in the order in which its controller does,
// with outputs that steps would report. It knows no release of Argo: that is what the programs beside it add.
package passes

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"
)

// Params are Argo's variables: `workflow.name`, `tasks.x.outputs.parameters.y`.
type Params map[string]string

// Argo is one release of Argo Workflows; texts are JSON.
type Argo interface {
	// ReplaceStrict fills a task in once its dependencies are done (dag.go, resolveDependencyReferences).
	ReplaceStrict(task string, params Params) (string, error)
	// ProcessArgs fills a template in with its arguments (operator.go, executeTemplate).
	ProcessArgs(template, arguments string, globals, locals Params) (string, error)
	// SubstituteParams fills a template in for an attempt (operator.go, executeTemplate).
	SubstituteParams(template string, globals, locals Params) (string, error)
	// Replace fills a pod in (workflowpod.go, substitutePodParams).
	Replace(pod string, params Params) (string, error)
}

type object = map[string]any

type request struct {
	Workflow struct {
		Spec struct {
			Entrypoint string   `json:"entrypoint"`
			Templates  []object `json:"templates"`
		} `json:"spec"`
	} `json:"workflow"`
	// What the tasks report, each `tasks.x.outputs.parameters.y` with its value.
	Cases []Params `json:"cases"`
}

// Step is a task of the workflow after all passes.
type Step struct {
	Task string `json:"task"`
	// The pod's template as Argo's executor gets it.
	Template string `json:"template,omitempty"`
	// Why the controller would give the node up.
	Error string `json:"error,omitempty"`
}

var globals = Params{"workflow.name": "kfops-iris-x7k2p", "workflow.uid": "0b5ca1e4", "workflow.namespace": "builds"}

// Serve reads a request and writes the steps of each case.
func Serve(argo Argo, in io.Reader, out io.Writer) error {
	var asked request
	if err := json.NewDecoder(in).Decode(&asked); err != nil {
		return err
	}
	templates := map[string]object{}
	for _, template := range asked.Workflow.Spec.Templates {
		templates[template["name"].(string)] = template
	}
	answers := [][]Step{}
	for _, outputs := range asked.Cases {
		steps := []Step{}
		for _, name := range sorted(templates) {
			if _, isDag := templates[name]["dag"]; !isDag {
				continue
			}
			tasks, err := tasksOf(argo, templates[name])
			if err != nil {
				return err
			}
			for _, task := range tasks {
				steps = append(steps, run(argo, templates, task, outputs))
			}
		}
		answers = append(answers, steps)
	}
	return json.NewEncoder(out).Encode(answers)
}

// tasksOf fills a DAG in. A nested one is a task itself, which puts `tasks.name` into the variables.
func tasksOf(argo Argo, dag object) ([]object, error) {
	filled, err := argo.ProcessArgs(text(dag), "{}", globals, Params{"node.name": "n", "tasks.name": "t"})
	if err != nil {
		return nil, err
	}
	var parent struct {
		Dag struct {
			Tasks []object `json:"tasks"`
		} `json:"dag"`
	}
	err = json.Unmarshal([]byte(filled), &parent)
	return parent.Dag.Tasks, err
}

// run takes one task through every pass.
func run(argo Argo, templates map[string]object, task object, outputs Params) Step {
	name := task["name"].(string)
	template, err := passes(argo, templates, task, outputs)
	if err != nil {
		return Step{Task: name, Error: err.Error()}
	}
	return Step{Task: name, Template: template}
}

func passes(argo Argo, templates map[string]object, task object, outputs Params) (string, error) {
	resolved, err := argo.ReplaceStrict(text(task), merged(globals, outputs))
	if err != nil {
		return "", err
	}
	var called struct {
		Template  string          `json:"template"`
		Arguments json.RawMessage `json:"arguments"`
	}
	if err := json.Unmarshal([]byte(resolved), &called); err != nil {
		return "", err
	}
	locals := Params{"pod.name": "p", "node.name": "n", "tasks.name": task["name"].(string)}
	template, err := argo.ProcessArgs(text(templates[called.Template]), string(called.Arguments), globals, locals)
	if err != nil {
		return "", err
	}
	attempt := Params{"pod.name": "p", "retries": "1", "lastRetry.exitCode": "1", "lastRetry.status": "Failed",
		"lastRetry.duration": "1", "lastRetry.message": outputs["lastRetry.message"]}
	template, err = argo.SubstituteParams(template, globals, attempt)
	if err != nil {
		return "", err
	}
	// The pod has the template as an environment variable.
	var inputs struct {
		Inputs struct {
			Parameters []struct {
				Name  string `json:"name"`
				Value string `json:"value"`
			} `json:"parameters"`
		} `json:"inputs"`
	}
	if err := json.Unmarshal([]byte(template), &inputs); err != nil {
		return "", err
	}
	params := merged(globals, Params{"pod.name": "p"})
	for _, parameter := range inputs.Inputs.Parameters {
		params["inputs.parameters."+parameter.Name] = parameter.Value
	}
	pod, err := argo.Replace(text(object{"env": template}), params)
	if err != nil {
		return "", err
	}
	var made struct {
		Env string `json:"env"`
	}
	err = json.Unmarshal([]byte(pod), &made)
	return made.Env, err
}

func text(value any) string {
	bytes, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(bytes)
}

func merged(all ...Params) Params {
	result := Params{}
	for _, params := range all {
		for key, value := range params {
			result[key] = value
		}
	}
	return result
}

func sorted(templates map[string]object) []string {
	names := []string{}
	for name := range templates {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Main is the program.
func Main(argo Argo) {
	if err := Serve(argo, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
