package seed

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/companies"
)

// MaxCrowd is the most accounts of a crowd: their numbers have seven digits.
const MaxCrowd = 10_000_000

const (
	crowdPrefix = "seed"
	crowdBatch  = 20_000 // accounts in one transaction
)

// Crowd adds accounts to a demo company until it has n of a crowd: seed0000000, seed0000001 … Their
// names, in several scripts, and attributes are the same in each run. Accounts of an earlier run
// stay. progress is called after each transaction with their number.
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
			list := make([]accounts.Attributes, 0, end-begin)
			for i := begin; i < end; i++ {
				list = append(list, CrowdUser(i, c.Name, domain))
			}
			return end, accounts.Plant(tx, c.ID, list)
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

// crowdOf returns how many accounts the crowd already has.
func crowdOf(tx *db.Tx, c companies.Company) (int, error) {
	highest, err := accounts.HighestUsername(tx, c.ID, crowdPrefix)
	if err != nil || highest == "" {
		return 0, err
	}
	number, err := strconv.Atoi(strings.TrimPrefix(highest, crowdPrefix))
	if err != nil {
		return 0, fmt.Errorf("the user name %s is in the way of the crowd", highest)
	}
	return number + 1, nil
}

// CrowdUser returns the attributes of the i-th account of a crowd in a company with a domain of
// e-mail addresses.
func CrowdUser(i int, company, domain string) accounts.Attributes {
	h := scatter(i)
	s := scriptOf(h)
	first, last := pick(s.first, h/100), pick(s.last, h/100_000)
	name := first + " " + last
	if s.joined {
		name = last + first
	}
	username := fmt.Sprintf("%s%07d", crowdPrefix, i)
	return accounts.Attributes{
		AccountType: auth.Normal, Username: username, Email: username + "@" + domain,
		DisplayName: name, FirstName: first, LastName: last, CompanyName: company,
		Title: pick(titles, h/7), Department: pick(departments, h/11), Location: pick(places, h/13),
		WorkPhone:      fmt.Sprintf("+44207%07d", i),
		MarketCoverage: []string{pick(markets, h/17)},
	}
}

// scatter returns a pseudo-random number that is always the same for i (the finalizer of
// MurmurHash3).
func scatter(i int) uint64 {
	h := uint64(i) + 0x9e3779b97f4a7c15
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

func pick(list []string, h uint64) string { return list[h%uint64(len(list))] }
