package apps

import (
	"net/url"
	"slices"
	"strings"

	"podium/internal/apierr"
	"podium/internal/wording"
)

// checkTexts returns an error for the first changed text that package wording refuses, or for an id
// that cannot be part of a path.
func (a App) checkTexts(was App) error {
	err := wording.Changed(
		wording.Text{Field: "appId", Was: was.ID, Value: a.ID, Check: checkID},
		wording.Text{Field: "name", Was: was.Name, Value: a.Name},
		wording.Text{Field: "publisher", Was: was.Publisher, Value: a.Publisher},
		wording.Text{Field: "appUrl", Was: was.URL, Value: a.URL, Check: secureAddress},
		wording.Text{Field: "iconUrl", Was: was.IconURL, Value: a.IconURL, Check: secureAddress},
		wording.Text{Field: "domain", Was: was.Domain, Value: a.Domain, Check: wording.Identifier},
		wording.Text{Field: "description", Was: was.Description, Value: a.Description, Check: wording.Prose},
		wording.Text{Field: "allowOrigins", Was: was.AllowOrigins, Value: a.AllowOrigins},
		wording.Text{Field: "notification.url", Was: was.NotificationURL, Value: a.NotificationURL, Check: address},
		wording.Text{Field: "notification.apiKey", Was: was.NotificationKey, Value: a.NotificationKey},
	)
	for _, p := range a.Properties {
		if err == nil && !slices.Contains(was.Properties, p) {
			err = wording.Changed(
				wording.Text{Field: "properties: a key", Value: p.Key}, wording.Text{Field: "properties: a value", Value: p.Value, Check: wording.Prose})
		}
	}
	return err
}

// secureAddress returns an error for a non-empty text that is not an https address.
func secureAddress(field, value string) error {
	if value == "" {
		return nil
	}
	return wording.Address(field, value, "https")
}

func address(field, value string) error {
	if value == "" {
		return nil
	}
	return wording.Address(field, value, "https", "http")
}

// checkID returns an error for an id with hidden characters, and for one that cannot be part of a
// path.
func checkID(field, id string) error {
	if err := wording.Identifier(field, id); err != nil {
		return err
	}
	if strings.TrimSpace(id) != id || strings.ContainsRune(id, '/') || id == "." || id == ".." {
		return apierr.Invalid("%s: it begins or ends with white space, has a slash, or is a step of a path", field)
	}
	return nil
}

// validateURLs returns an error that names the first invalid address.
func (a App) validateURLs() error {
	if a.URL != "" {
		host, ok := secureHost(a.URL)
		if !ok {
			return apierr.Invalid("appUrl must start with https:// and name a host")
		}
		if a.Domain != "" && !within(host, a.Domain) {
			return apierr.Invalid("domain does not match appUrl")
		}
	}
	if strings.ContainsAny(a.Domain, " \t\r\n/:@") || strings.HasPrefix(a.Domain, ".") {
		return apierr.Invalid("domain: it is not a domain name")
	}
	if a.IconURL != "" {
		if _, ok := secureHost(a.IconURL); !ok {
			return apierr.Invalid("iconUrl must start with https:// and name a host")
		}
	}
	if a.NotificationURL != "" {
		u, err := url.Parse(a.NotificationURL)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" {
			return apierr.Invalid("notification.url: an address that begins with https:// or http:// is expected")
		}
	}
	return nil
}

// secureHost returns the host of an https address.
func secureHost(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || !strings.EqualFold(address[:min(8, len(address))], "https://") || u.Hostname() == "" {
		return "", false
	}
	return u.Hostname(), true
}

// within reports whether a host is a domain or below it.
func within(host, domain string) bool {
	host, domain = strings.ToLower(host), strings.ToLower(domain)
	return host == domain || strings.HasSuffix(host, "."+domain)
}
