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

// fileFlags lists the settings that a file may hold: the flags of storage,
// fileStorage and serving.
func fileFlags() []*kong.Flag {
	var all struct {
		storage
		fileStorage
		serving
	}
	parser, err := kong.New(&all)
	if err != nil {
		panic(err) // the declarations above are wrong
	}
	return slices.DeleteFunc(parser.Model.Flags, func(flag *kong.Flag) bool { return flag.Name == "help" || flag.Name == "config" })
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
	known := make(map[string]*kong.Flag)
	var names []string
	for _, flag := range fileFlags() {
		known[flag.Name] = flag
		names = append(names, flag.Name)
	}
	for name, value := range values {
		flag := known[name]
		if flag == nil {
			return nil, fmt.Errorf("the settings file: there is no setting %q; the settings are %s", name, strings.Join(names, ", "))
		}
		switch v := value.(type) {
		case nil:
			return nil, fmt.Errorf("the settings file: %s has no value", name)
		case map[string]any:
			return nil, fmt.Errorf("the settings file: %s is one value, not several with names", name)
		case []any:
			if !flag.IsSlice() {
				return nil, fmt.Errorf("the settings file: %s is one value, not a list", name)
			}
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
// A flag without an environment variable is no setting but a command's own, whatever its name.
func (f fileSettings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	value, ok := f.values[flag.Name]
	if !ok || len(flag.Envs) == 0 {
		return nil, nil
	}
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return fmt.Sprint(value), nil
}

// settingsFile is a flag that names a settings file.
type settingsFile string

// BeforeResolve reads the file. Kong asks also on behalf of commands that are not to be run.
func (settingsFile) BeforeResolve(parser *kong.Kong, ctx *kong.Context, trace *kong.Path) error {
	command := ctx.Selected()
	if command == nil || !slices.Contains(command.Flags, trace.Flag) {
		return nil
	}
	named := ctx.FlagValue(trace.Flag).(settingsFile)
	if named == "" {
		return nil
	}
	settings, err := parser.LoadConfig(string(named))
	if err == nil {
		ctx.AddResolver(settings)
	}
	return err
}

// optionalPath makes the name of a file absolute; an empty one is none. (Kong's own type "path"
// makes it the working folder.)
func optionalPath(ctx *kong.DecodeContext, target reflect.Value) error {
	var path string
	if err := ctx.Scan.PopValueInto("file", &path); err != nil {
		return err
	}
	if path != "" {
		path = kong.ExpandPath(path)
	}
	target.SetString(path)
	return nil
}

// loadDefaultSettings reads the settings file that counts where no other is named.
func loadDefaultSettings(r io.Reader) (kong.Resolver, error) {
	settings, err := loadSettings(r)
	return unlessNamed{settings}, err
}

// unlessNamed is a settings file that is silent where the settings name another one.
type unlessNamed struct{ kong.Resolver }

// Resolve gives kong the value of a flag.
func (u unlessNamed) Resolve(ctx *kong.Context, path *kong.Path, flag *kong.Flag) (any, error) {
	for _, other := range path.Flags {
		if named, ok := ctx.FlagValue(other).(settingsFile); ok && named != "" {
			return nil, nil
		}
	}
	return u.Resolver.Resolve(ctx, path, flag)
}

type configCommand struct {
	storage
	fileStorage
	serving
}

// Validate names the settings that cannot be.
func (c *configCommand) Validate() error {
	return errors.Join(c.storage.Validate(), c.fileStorage.Validate(), c.serving.Validate())
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
		switch flag.Tag.Get("secret") {
		case "database":
			value = reflect.ValueOf(hideInDatabase(value.String()))
		case "nats":
			value = reflect.ValueOf(hideInNATS(value.String()))
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

// printable returns a setting as YAML writes it: lists as lists, durations as words.
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
