package kubeapply

import (
	"errors"
	"strings"
)

// resource is where an object lives in the API.
type resource struct{ group, version, kind, namespace, name string }

func resourceOf(manifest object) (resource, error) {
	metadata := child(manifest, "metadata")
	text := func(v any) string { s, _ := v.(string); return s }
	r := resource{kind: text(manifest["kind"]), namespace: text(metadata["namespace"]), name: text(metadata["name"])}
	group, version, found := strings.Cut(text(manifest["apiVersion"]), "/")
	if found {
		r.group, r.version = group, version
	} else {
		r.version = group
	}
	if r.version == "" || r.kind == "" || r.namespace == "" || r.name == "" {
		return r, errors.New("want apiVersion, kind, metadata.namespace and metadata.name")
	}
	return r, nil
}

func (r resource) plural() string { return strings.ToLower(r.kind) + "s" }

func (r resource) collection() string {
	root := "/api/" + r.version
	if r.group != "" {
		root = "/apis/" + r.group + "/" + r.version
	}
	return root + "/namespaces/" + r.namespace + "/" + r.plural()
}

func (r resource) path() string { return r.collection() + "/" + r.name }

// String is the object as kubectl prints it: deployment.apps/web.
func (r resource) String() string {
	kind := strings.ToLower(r.kind)
	if r.group != "" {
		kind += "." + r.group
	}
	return kind + "/" + r.name
}
