package main

import (
	"context"
	"fmt"
	"path/filepath"

	"podium/internal/db"
	"podium/internal/pod"
	"podium/internal/pod/seed"
	"podium/internal/pod/streams/rooms"
	"podium/internal/wire"
)

// What the pod of part "answers" has.
const (
	answerPeople = 1_000 // accounts of a crowd, each of whom was present
	answerRooms  = 1_000
	answerHits   = 25 // rooms that the search finds
)

// answerCallers is how many ask at once.
const answerCallers = 8

// answers compares the processor time of long answers with that of a bare handler that writes the
// same bytes.
func (b *bench) answers(ctx context.Context) error {
	if err := b.key.ready(); err != nil {
		return err
	}
	ours, err := startChild(ctx, order{
		Kind: "pod", Database: filepath.Join(b.dir, "answers.db"), PublicKey: b.key.publicPEM(), People: answerPeople, Answers: true,
		Profile: b.profileOf("answers"),
	})
	if err != nil {
		return err
	}
	defer ours.stop()
	admin, err := b.key.sessionOf(ctx, ours.address, adminName)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name   string
		get    []byte
		factor float64
	}{
		{"a page of 100 accounts of the administrators' list", request("GET", "/pod/v2/admin/user/list?skip=256&limit=100", admin, nil), 24},
		{fmt.Sprintf("a room search with %d hits", answerHits),
			request("POST", "/pod/v3/room/search?limit=50", admin, map[string]string{"query": "needle"}), 10},
		{"the presence of 100 people", request("GET", "/pod/v2/users/presence?limit=100", admin, nil), 3.75},
	} {
		if err := b.answer(ctx, ours, f.name, f.get, f.factor); err != nil {
			return err
		}
	}
	return nil
}

// answer compares one answer with a handler that has it ready.
func (b *bench) answer(ctx context.Context, ours *child, name string, get []byte, factor float64) error {
	body, err := ask(ctx, ours.address, get)
	if err != nil {
		return err
	}
	ceiling, err := b.startCeiling(ctx, "answers", order{Kind: "constant", Body: body})
	if err != nil {
		return err
	}
	defer ceiling.stop()
	c, err := b.compare(ctx, name, b.load(ours, repeat(get, answerCallers)), b.load(ceiling, repeat(get, answerCallers)))
	if err != nil {
		return err
	}
	b.report.atMostCPU(fmt.Sprintf("%s (%d bytes) to a bare handler's answer", name, len(body)), c, factor)
	return nil
}

// plantAnswers gives everybody of a crowd a presence, and puts in rooms.
func plantAnswers(ctx context.Context, p *pod.Pod) error {
	acme := seed.Acme()
	_, err := db.Write(ctx, p.DB, func(tx *db.Tx) (struct{}, error) {
		err := tx.Exec(`
			INSERT INTO presence (user_id, company, enabled, desired, chosen, hard, seen, active, category, at, due, position, seq)
			SELECT id, company, TRUE, 'BUSY', $1, TRUE, 0, 0, 'BUSY', $1, 0, 0, ROW_NUMBER() OVER (ORDER BY id)
			FROM users`, tx.Now())
		if err != nil {
			return struct{}{}, err
		}
		if _, err := tx.NextMany("presence", answerPeople+100); err != nil {
			return struct{}{}, err
		}
		crowd, err := db.All(tx, db.ScanValue[wire.UserID], `
			SELECT id
			FROM users
			WHERE company = $1
			ORDER BY id`, acme.Company.ID)
		if err != nil {
			return struct{}{}, err
		}
		list := make([]rooms.Loaded, answerRooms)
		for i := range list {
			list[i] = rooms.Loaded{Name: fmt.Sprintf("room %d", i), Discoverable: true, Members: crowd[i%(len(crowd)-membersEach):][:membersEach]}
			if every := answerRooms / answerHits; i%every == every/2 {
				list[i].Name = fmt.Sprintf("room needle %d", i/every)
			}
		}
		return struct{}{}, rooms.Load(tx, acme.Company.ID, list)
	})
	return err
}
