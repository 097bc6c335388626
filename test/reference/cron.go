package main

import (
	"time"

	"github.com/robfig/cron"
)

type cronQuestion struct {
	Kubeflow string    `json:"kubeflow"`
	Standard string    `json:"standard"`
	After    time.Time `json:"after"`
	Count    int       `json:"count"`
}

type cronAnswer struct {
	Kubeflow []string `json:"kubeflow"`
	Standard []string `json:"standard"`
}

// nextTimes lists when a schedule runs in Kubeflow Pipelines, and when it does by its five fields; an error is the only
// entry of its list.
func nextTimes(asked cronQuestion) cronAnswer {
	times := func(schedule cron.Schedule, err error) []string {
		if err != nil {
			return []string{err.Error()}
		}
		found := []string{}
		for at := asked.After.UTC(); len(found) < asked.Count; {
			at = schedule.Next(at)
			if at.IsZero() {
				break
			}
			found = append(found, at.Format(time.RFC3339))
		}
		return found
	}
	return cronAnswer{
		Kubeflow: times(cron.Parse(asked.Kubeflow)),
		Standard: times(cron.ParseStandard(asked.Standard)),
	}
}
