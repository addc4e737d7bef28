package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"podium/internal/pod/seed"
	"podium/internal/private"
)

// bootstrap tells programs how to reach a podium dev. Paths are relative to the file. It is
// there while the pod answers.
type bootstrap struct {
	PodBaseURL                   string `json:"podBaseUrl"`
	AdminUsername                string `json:"adminUsername"`
	AdminPrivateKeyPath          string `json:"adminPrivateKeyPath"`
	BotUsername                  string `json:"botUsername"`
	BotPrivateKeyPath            string `json:"botPrivateKeyPath"`
	SecondPodBaseURL             string `json:"secondPodBaseUrl"`
	SecondPodAdminUsername       string `json:"secondPodAdminUsername"`
	SecondPodAdminPrivateKeyPath string `json:"secondPodAdminPrivateKeyPath"`
}

func (f devFolder) writeBootstrap(b bootstrap) error {
	data, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	return f.write(append(data, '\n'), "bootstrap.json")
}

func readBootstrap(folder string) (b bootstrap, err error) {
	data, err := os.ReadFile(filepath.Join(folder, "bootstrap.json"))
	if err != nil {
		return b, err
	}
	return b, json.Unmarshal(data, &b)
}

// write puts a file into the folder, whole or not at all: programs watch for some of them.
func (f devFolder) write(data []byte, parts ...string) error {
	path := f.path(parts...)
	if folder := filepath.Dir(path); folder != string(f) {
		if err := private.Folder(folder, slog.Default()); err != nil {
			return err
		}
	}
	return private.Replace(path, data, slog.Default())
}

// writeKits writes a company's configurations of the BDKs for Java and for Python. Their paths
// are absolute: both kits resolve others against the working folder.
func (f devFolder) writeKits(demo seed.Demo, port int, tls bool) error {
	for _, kit := range []kit{{"python", "ca.pem", ".pem"}, {"java", "truststore.p12", ".p12"}} {
		common := map[string]any{"scheme": "http", "host": loopback, "port": port}
		if tls {
			common["scheme"] = "https"
			common["ssl"] = map[string]any{"trustStore": f.credential(kit.trust)}
		}
		for _, service := range []seed.Service{demo.Admin, demo.Bot} {
			config := clone(common)
			config["bot"] = map[string]any{"username": service.Username, "privateKey": f.privateKey(service.Username)}
			if demo.App != nil && service == demo.Bot {
				config["app"] = map[string]any{"appId": demo.App.ID, "privateKey": f.privateKey(demo.App.ID)}
			}
			if err := f.writeKit(config, kit.name, service.Username+".yaml"); err != nil {
				return err
			}
		}
		if !tls {
			continue
		}
		config := clone(common)
		config["bot"] = map[string]any{"username": demo.Bot.Username, "certificate": f.credential(demo.Bot.Username + kit.certificate)}
		if demo.App != nil {
			config["app"] = map[string]any{"appId": demo.App.ID, "certificate": f.credential(demo.App.ID + kit.certificate)}
		}
		if err := f.writeKit(config, kit.name, demo.Bot.Username+"-certificate.yaml"); err != nil {
			return err
		}
	}
	return nil
}

// kit is what differs between the SDKs: the form of certificates that each reads.
type kit struct{ name, trust, certificate string }

func (f devFolder) writeKit(config map[string]any, kit, file string) error {
	data, err := yaml.Marshal(config)
	if err != nil {
		return err
	}
	return f.write(data, "bdk", kit, file)
}

func (f devFolder) privateKey(name string) map[string]any {
	return map[string]any{"path": f.path(keyFile(name))}
}

// credential returns a file of the folder tls, with the password that PKCS#12 files have.
func (f devFolder) credential(file string) map[string]any {
	entry := map[string]any{"path": f.path("tls", file)}
	if filepath.Ext(file) == ".p12" {
		entry["password"] = devPassword
	}
	return entry
}

func clone(m map[string]any) map[string]any {
	copied := make(map[string]any, len(m)+2)
	for k, v := range m {
		copied[k] = v
	}
	return copied
}

func peopleOf(demo seed.Demo) string {
	names := make([]string, len(demo.People))
	for i, p := range demo.People {
		names[i] = strings.ToLower(p.First)
	}
	return strings.Join(names, ", ")
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}
