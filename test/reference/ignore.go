package main

import (
	"path"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

type ignoreQuestion struct {
	File  string   `json:"file"`
	Paths []string `json:"paths"`
}

type ignoreAnswer struct {
	Ignored []string `json:"ignored"`
	Error   string   `json:"error,omitempty"`
}

// ignored says which paths a .dockerignore leaves out, as BuildKit asks: each path with what its folder gave.
func ignored(question ignoreQuestion) (answer ignoreAnswer) {
	answer.Ignored = []string{}
	patterns, err := ignorefile.ReadAll(strings.NewReader(question.File))
	if err != nil {
		return ignoreAnswer{Ignored: []string{}, Error: err.Error()}
	}
	if err := complaint(patterns); err != nil {
		return ignoreAnswer{Ignored: []string{}, Error: err.Error()}
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return ignoreAnswer{Ignored: []string{}, Error: err.Error()}
	}
	var visit func(string) (bool, patternmatcher.MatchInfo, error)
	visit = func(name string) (bool, patternmatcher.MatchInfo, error) {
		var above patternmatcher.MatchInfo
		if folder := path.Dir(name); folder != "." {
			var err error
			if _, above, err = visit(folder); err != nil {
				return false, above, err
			}
		}
		return matcher.MatchesUsingParentResults(name, above)
	}
	for _, name := range question.Paths {
		out, _, err := visit(name)
		if err != nil {
			return ignoreAnswer{Ignored: []string{}, Error: err.Error()}
		}
		if out {
			answer.Ignored = append(answer.Ignored, name)
		}
	}
	return answer
}

// complaint is what Docker says of a pattern once it comes to a path: only then is its regular expression made.
func complaint(patterns []string) error {
	for _, pattern := range patterns {
		// Behind what leaves everything out, an exception is asked, too.
		matcher, err := patternmatcher.New([]string{"**", pattern})
		if err != nil {
			return err
		}
		if !matcher.Exclusions() {
			if matcher, err = patternmatcher.New([]string{pattern}); err != nil {
				return err
			}
		}
		if _, err := matcher.MatchesOrParentMatches("x"); err != nil {
			return err
		}
	}
	return nil
}
