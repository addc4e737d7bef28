package seed

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/companies"
	"podium/internal/pod/users"
)

// MaxCrowd is the most accounts that a crowd has: their numbers have seven digits.
const MaxCrowd = 10_000_000

const (
	crowdPrefix = "seed"
	crowdBatch  = 20_000 // accounts of one transaction
)

// Crowd returns a demo company accounts until it has n of a crowd: seed0000000, seed0000001 … whose
// names, in several scripts, and attributes are always the same. What an earlier run planted stays. progress
// hears after each transaction how many there are.
func Crowd(ctx context.Context, d *db.DB, c companies.Company, domain string, n int, progress func(planted int)) error {
	if n > MaxCrowd {
		return fmt.Errorf("a crowd has at most %d accounts", MaxCrowd)
	}
	for {
		planted, err := db.Write(ctx, d, func(tx *db.Tx) (int, error) {
			begin, err := crowdOf(tx, c)
			end := min(n, begin+crowdBatch)
			if err != nil || begin >= n {
				return begin, err
			}
			list := make([]users.Attributes, 0, end-begin)
			for i := begin; i < end; i++ {
				list = append(list, Somebody(i, c.Name, domain))
			}
			return end, users.Plant(tx, c.ID, list)
		})
		if err != nil {
			return err
		}
		progress(planted)
		if planted >= n {
			return nil
		}
	}
}

// crowdOf returns how many the crowd has already.
func crowdOf(tx *db.Tx, c companies.Company) (int, error) {
	highest, err := users.HighestUsername(tx, c.ID, crowdPrefix)
	if err != nil || highest == "" {
		return 0, err
	}
	number, err := strconv.Atoi(strings.TrimPrefix(highest, crowdPrefix))
	if err != nil {
		return 0, fmt.Errorf("the user name %s is in the way of the crowd", highest)
	}
	return number + 1, nil
}

// Somebody returns the i-th of a crowd, in a company with a domain of e-mail addresses.
func Somebody(i int, company, domain string) users.Attributes {
	h := scatter(i)
	s := scriptOf(h)
	first, last := pick(s.first, h/100), pick(s.last, h/100_000)
	name := first + " " + last
	if s.joined {
		name = last + first
	}
	username := fmt.Sprintf("%s%07d", crowdPrefix, i)
	return users.Attributes{
		AccountType: auth.Normal, Username: username, Email: username + "@" + domain,
		DisplayName: name, FirstName: first, LastName: last, CompanyName: company,
		Title: pick(titles, h/7), Department: pick(departments, h/11), Location: pick(places, h/13),
		WorkPhone:      fmt.Sprintf("+44207%07d", i),
		MarketCoverage: []string{pick(markets, h/17)},
	}
}

// scatter returns a number that looks like chance and is always the same (the finalizer of MurmurHash3).
func scatter(i int) uint64 {
	h := uint64(i) + 0x9e3779b97f4a7c15
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

func pick(list []string, h uint64) string { return list[h%uint64(len(list))] }
