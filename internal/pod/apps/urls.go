package apps

import (
	"net/url"
	"strings"

	"podium/internal/apierr"
)

// validateURLs names the first address that cannot be.
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

// secureHost is the host of an address that begins with https://.
func secureHost(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || !strings.EqualFold(address[:min(8, len(address))], "https://") || u.Hostname() == "" {
		return "", false
	}
	return u.Hostname(), true
}

// within tells whether a host is a domain's, or below it.
func within(host, domain string) bool {
	host, domain = strings.ToLower(host), strings.ToLower(domain)
	return host == domain || strings.HasSuffix(host, "."+domain)
}
