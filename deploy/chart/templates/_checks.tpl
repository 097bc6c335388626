{{/* gc.schedule, as Argo's cron reads it: https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format */}}
{{- define "kfops.schedule" -}}
{{- $schedule := trim .Values.gc.schedule -}}
{{- if not (regexMatch "^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$" $schedule) -}}
{{- $fields := regexSplit "\\s+" $schedule -1 -}}
{{- if ne (len $fields) 5 -}}
{{- fail (printf "gc.schedule is %q, which isn't five fields. Write minute, hour, day of the month, month and day of the week, such as '17 3 * * *'" $schedule) -}}
{{- else -}}
{{- $months := splitList " " "jan feb mar apr may jun jul aug sep oct nov dec" -}}
{{- $days := splitList " " "sun mon tue wed thu fri sat" -}}
{{- $bounds := list (list "minute" 0 59 list) (list "hour" 0 23 list) (list "day of the month" 1 31 list) (list "month" 1 12 $months) (list "day of the week" 0 6 $days) -}}
{{- range $i, $bound := $bounds -}}
{{- $what := index $bound 0 -}}
{{- $least := index $bound 1 -}}
{{- $most := index $bound 2 -}}
{{- $wrong := printf "gc.schedule is %q, and %q isn't valid for the %s. Write a number from %d to %d, a range, a list or *" $schedule (index $fields $i) $what $least $most -}}
{{- range splitList "," (lower (index $fields $i)) -}}
{{- $part := . -}}
{{- range $n, $name := index $bound 3 -}}
{{- $part = regexReplaceAll (printf "\\b%s\\b" $name) $part (toString (add $least $n)) -}}
{{- end -}}
{{- if not (regexMatch "^([*?]|[0-9]{1,2}(-[0-9]{1,2})?)(/0*[1-9][0-9]{0,3})?$" $part) -}}{{- fail $wrong -}}{{- end -}}
{{- $last := $least -}}
{{- range regexFindAll "[0-9]+" (first (splitList "/" $part)) -1 -}}
{{- $number := int (regexReplaceAll "^0+([0-9])" . "${1}") -}}
{{- if or (lt $number $last) (gt $number $most) -}}{{- fail $wrong -}}{{- end -}}
{{- $last = $number -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{ $schedule }}
{{- end }}

{{/* The host of an Ingress or a route: GitHub sends deliveries to that of settings.server.url. `key` names the value. */}}
{{- define "kfops.host" -}}
{{- $host := required (printf "%s is needed: the host of settings.server.url" .key) .host -}}
{{- $url := (.root.Values.settings.server | default dict).url -}}
{{- $expected := (urlParse (default "" $url)).hostname -}}
{{- if and $expected (ne (lower $host) (lower $expected)) -}}
{{- fail (printf "%s is %q, but GitHub sends deliveries to %s (settings.server.url). Make them the same host" .key $host $url) -}}
{{- end -}}
{{ $host }}
{{- end }}

{{/* builds.developersOf names namespaces of rules alone: another name would give nobody a right. */}}
{{- define "kfops.checkDevelopersOf" -}}
{{- $all := include "kfops.buildNamespaces" . | fromJsonArray -}}
{{- $common := include "kfops.builds" . -}}
{{- range $namespace, $group := .Values.builds.developersOf -}}
{{- if eq $namespace $common -}}
{{- fail (printf "builds.developersOf names %q, the namespace of settings.namespace. Set builds.developers for it" $namespace) -}}
{{- else if not (has $namespace $all) -}}
{{- fail (printf "builds.developersOf names %q, which is no build namespace. The build_namespace of the rules in settings.server.rules: %s" $namespace (without $all $common | join ", " | default "none")) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The chart makes no namespace of Kubeflow's its own: it would deny the connections of all pods there. */}}
{{- define "kfops.checkOwnNamespaces" -}}
{{- $server := .root.Values.settings.server | default dict -}}
{{- $kubeflow := concat (list .root.Values.kubeflow.namespace) ($server.namespaces | default list) -}}
{{- range $server.rules | default list -}}
{{- $kubeflow = concat $kubeflow (.namespaces | default list) -}}
{{- end -}}
{{- range .builds -}}
{{- if and $.root.Values.builds.create (has . $kubeflow) -}}
{{- fail (printf "builds run in %q, a namespace of Kubeflow, where the chart would deny the connections of all pods. Set `builds: {create: false}`, and create the accounts there (docs/install.md, step 3)" .) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The namespace of the release, whose pods can't connect to anything that the policies don't list. */}}
{{- define "kfops.checkRelease" -}}
{{- if has .Release.Namespace (list "default" "kube-system" "kube-public" "kubeflow" .Values.kubeflow.namespace) -}}
{{- fail (printf "the chart denies all other connections of its namespace, which is %q. Install it with `-n kfops-system`" .Release.Namespace) -}}
{{- end -}}
{{- end }}

{{/* What the server doesn't start without; server/runtime/check-settings.ts has all its checks. */}}
{{- define "kfops.checkNeeded" -}}
{{- $settings := .Values.settings -}}
{{- $server := $settings.server | default dict -}}
{{- $minio := $server.minio | default dict -}}
{{- $needed := list
  (list "server.repositories" $server.repositories "[my-team/iris]")
  (list "server.url" $server.url "https://kfops.example.com")
  (list "server.github.webhook_secret_files" ($server.github | default dict).webhook_secret_files "[/etc/kfops/github/webhook-secret]")
  (list "server.minio.access_key_file" $minio.access_key_file "/etc/kfops/minio/accesskey")
  (list "server.minio.secret_key_file" $minio.secret_key_file "/etc/kfops/minio/secretkey") -}}
{{- if not .Values.image.reference -}}
{{- $needed = prepend $needed (list "images.registry" ($settings.images | default dict).registry "registry.example.com/kfops, where `kfops images` pushed Kfops' own images") -}}
{{- end -}}
{{- if not $server.rules -}}
{{- $needed = concat $needed (list
  (list "registries" $settings.registries "[registry.example.com/my-team]")
  (list "server.namespaces" $server.namespaces "[kubeflow-user-example-com]")) -}}
{{- end -}}
{{- $problems := list -}}
{{- range $needed -}}
{{- if not (index . 1) -}}
{{- $problems = append $problems (printf "settings.%s is needed, such as %s" (first .) (last .)) -}}
{{- end -}}
{{- end -}}
{{- if and $server.url (eq (include "kfops.inSetup" .) "true") (not (regexMatch "^https://[^/]+/?$" $server.url)) -}}
{{- $problems = append $problems (printf "settings.server.url is %q. Until the GitHub App exists it must be https:// with a host alone, such as https://kfops.example.com" $server.url) -}}
{{- end -}}
{{- with $problems -}}{{- fail (join "\n" .) -}}{{- end -}}
{{- end }}

{{/* What builds push must not be able to replace Kfops' own images. */}}
{{- define "kfops.checkRegistries" -}}
{{- $own := (.Values.settings.images | default dict).registry | default "" | trimSuffix "/" -}}
{{- $places := list (list "settings.registries" .Values.settings.registries) -}}
{{- range $i, $rule := (.Values.settings.server | default dict).rules | default list -}}
{{- $places = append $places (list (printf "settings.server.rules[%d].registries" $i) $rule.registries) -}}
{{- end -}}
{{- range $places -}}
{{- $key := first . -}}
{{- range last . | default list -}}
{{- if contains "://" . -}}
{{- fail (printf "%s has %q. Write it without %s://" $key . (first (splitList "://" .))) -}}
{{- end -}}
{{- if and $own (hasPrefix (printf "%s/" (trimSuffix "/" . | lower)) (printf "%s/" (lower $own))) -}}
{{- fail (printf "%s has %q, where builds could replace Kfops' own images in %s (settings.images.registry). Give the images a registry of their own" $key . $own) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}
