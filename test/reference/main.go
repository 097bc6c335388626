// Command reference answers as the programs do that read what Kfops writes or follow the same rules: one line of JSON
// in, one line of JSON out.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// answers by the first argument: what is read of each line, and what is said of it.
var answers = map[string]func(line []byte) (any, error){
	"yaml":   answer(readYAML),
	"ignore": answer(ignored),
	"image":  answer(parseImage),
	"label":  answer(judgeLabel),
	"cron":   answer(nextTimes),
}

func answer[In any, Out any](of func(In) Out) func([]byte) (any, error) {
	return func(line []byte) (any, error) {
		var in In
		if err := json.Unmarshal(line, &in); err != nil {
			return nil, err
		}
		return of(in), nil
	}
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 1 || answers[arguments[0]] == nil {
		return fmt.Errorf("usage: reference yaml|ignore|image|label|cron")
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		said, err := answers[arguments[0]](lines.Bytes())
		if err != nil {
			return err
		}
		if err := out.Encode(said); err != nil {
			return err
		}
	}
	return lines.Err()
}
