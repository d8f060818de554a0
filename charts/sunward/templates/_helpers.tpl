{{/* Labels of everything in the release. */}}
{{- define "sunward.labels" -}}
{{ include "sunward.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Labels that never change: a selector can't. */}}
{{- define "sunward.selector" -}}
app.kubernetes.io/name: sunward
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Of the operator's own objects, beside the extender's and others to come. */}}
{{- define "sunward.operator.labels" -}}
{{ include "sunward.labels" . }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "sunward.operator.selector" -}}
{{ include "sunward.selector" . }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "sunward.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/*
The keys of providers that are to be mounted, by provider as the configuration calls it: the Secret, and of each file the field of the
configuration that names it, the key in the Secret, and its path below the volume.
*/}}
{{- define "sunward.keys" -}}
{{- $files := dict
  "electricityMaps" (dict "keyFile" (dict "value" "key" "path" "electricity-maps/key"))
  "wattTime" (dict
    "usernameFile" (dict "value" "usernameKey" "path" "watt-time/username")
    "passwordFile" (dict "value" "passwordKey" "path" "watt-time/password"))
  "prometheus" (dict "tokenFile" (dict "value" "tokenKey" "path" "prometheus/token"))
-}}
{{- $keys := dict -}}
{{- range $provider, $given := .Values.providerKeys -}}
{{- if $given.secretName -}}
{{- $mounted := dict -}}
{{- range $field, $file := get $files $provider -}}
{{- $_ := set $mounted $field (dict "key" (get $given $file.value) "path" $file.path) -}}
{{- end -}}
{{- $_ := set $keys $provider (dict "secretName" $given.secretName "files" $mounted) -}}
{{- end -}}
{{- end -}}
{{- toYaml $keys -}}
{{- end }}

{{/* Where they are mounted. */}}
{{- define "sunward.keys.path" -}}/etc/sunward/keys{{- end }}

{{/*
The operator's configuration: that of the values, with the paths of mounted keys and the port of the Service.
A key that the values name both ways is a contradiction.
*/}}
{{- define "sunward.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $providers := deepCopy (default dict $config.providers) -}}
{{- $mountedAt := include "sunward.keys.path" . -}}
{{- range $provider, $keys := fromYaml (include "sunward.keys" .) -}}
{{- $own := deepCopy (default dict (get $providers $provider)) -}}
{{- range $field, $file := $keys.files -}}
{{- if hasKey $own $field -}}
{{- fail (printf "config.providers.%s.%s and providerKeys.%s are both set: leave one of them out" $provider $field $provider) -}}
{{- end -}}
{{- $_ := set $own $field (printf "%s/%s" $mountedAt $file.path) -}}
{{- end -}}
{{- $_ := set $providers $provider $own -}}
{{- end -}}
{{- if $providers -}}{{- $_ := set $config "providers" $providers -}}{{- end -}}
{{- $_ := set $config "server" (dict "port" 8080) -}}
{{- toYaml $config -}}
{{- end }}

{{/* The Secrets as sources of one projected volume. A missing one keeps no pod from starting: the operator says so, and plans without. */}}
{{- define "sunward.keys.sources" -}}
{{- range fromYaml (include "sunward.keys" .) }}
- secret:
    name: {{ .secretName }}
    optional: true
    items:
      {{- range .files }}
      - { key: {{ .key }}, path: {{ .path }} }
      {{- end }}
{{- end }}
{{- end }}
