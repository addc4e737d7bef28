package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// defaultSettingsFile is read where it is there and no other file is named.
const defaultSettingsFile = "podium.yaml"

// settingsNames lists the settings that a file may hold: the flags of storage and serving.
func settingsNames() []string {
	var all struct {
		storage
		serving
	}
	parser, err := kong.New(&all)
	if err != nil {
		panic(err) // the declarations above are wrong
	}
	var names []string
	for _, flag := range parser.Model.Flags {
		if flag.Name != "help" && flag.Name != "config" {
			names = append(names, flag.Name)
		}
	}
	return names
}

// fileSettings is a settings file as kong asks for it.
type fileSettings struct {
	values map[string]any
}

// loadSettings reads a settings file. A name that is no setting is an error.
func loadSettings(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	if err := yaml.NewDecoder(r).Decode(&values); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the settings file: %w", err)
	}
	known := settingsNames()
	for name, value := range values {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("the settings file: there is no setting %q; the settings are %s", name, strings.Join(known, ", "))
		}
		switch v := value.(type) {
		case map[string]any:
			return nil, fmt.Errorf("the settings file: %s is one value, not several with names", name)
		case []any:
			words := make([]string, len(v))
			for i, word := range v {
				words[i] = fmt.Sprint(word)
			}
			values[name] = strings.Join(words, ",")
		}
	}
	return fileSettings{values}, nil
}

// Validate has nothing left to find: loadSettings looked at every name.
func (f fileSettings) Validate(*kong.Application) error { return nil }

// Resolve gives kong the value of a flag that neither the command line nor the environment sets.
func (f fileSettings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	value, ok := f.values[flag.Name]
	if !ok {
		return nil, nil
	}
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return fmt.Sprint(value), nil
}

type configCommand struct {
	storage
	serving
}

// Run prints the settings as a file that could be read again, but for the secrets.
func (c *configCommand) Run() error { return printSettings(os.Stdout, c) }

func printSettings(w io.Writer, settings any) error {
	parser, err := kong.New(settings, kong.Configuration(loadSettings))
	if err != nil {
		return err
	}
	var doc yaml.Node
	doc.Kind = yaml.MappingNode
	for _, flag := range parser.Model.Flags {
		if flag.Name == "help" || flag.Name == "config" {
			continue
		}
		value := flag.Target
		if flag.Tag.Get("secret") == "url" {
			value = reflect.ValueOf(hideSecret(value.String()))
		}
		var node yaml.Node
		if err := node.Encode(printable(value)); err != nil {
			return err
		}
		doc.Content = append(doc.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: flag.Name}, &node)
	}
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	return encoder.Encode(&doc)
}

// printable is a setting as YAML writes it: lists as lists, durations as words.
func printable(v reflect.Value) any {
	if s, ok := v.Interface().(fmt.Stringer); ok {
		return s.String()
	}
	if v.Kind() == reflect.Slice {
		words := make([]string, v.Len())
		for i := range words {
			words[i] = fmt.Sprint(v.Index(i).Interface())
		}
		return words
	}
	return v.Interface()
}
